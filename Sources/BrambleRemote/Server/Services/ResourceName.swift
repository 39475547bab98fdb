internal import BrambleModel

/// What a stream of bytes is of (REAPI v2, `ContentAddressableStorage`): the name of a blob that is to be
/// read, or of the upload of one.
struct ResourceName: Hashable, Sendable {
    let digest: Digest
    let isCompressed: Bool
    /// What tells this upload from others of the same blob; nil when reading.
    let upload: String?

    /// `{instance}/blobs/{hash}/{size}`, or `compressed-blobs/zstd` in place of `blobs`. The
    /// instance may be anything.
    ///
    /// - Throws: `malformed`.
    init(reading text: String) throws(CacheError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard
            let place = parts.lastIndex(where: { ResourceName.kinds.contains($0) }),
            let (digest, isCompressed, used) = ResourceName.blob(parts[place...]),
            place + used == parts.count
        else { throw ResourceName.malformed(text, "blobs/HASH/SIZE") }
        self.digest = digest
        self.isCompressed = isCompressed
        upload = nil
    }

    /// `{instance}/uploads/{name}/blobs/{hash}/{size}{/anything}`, or `compressed-blobs/zstd` in
    /// place of `blobs`.
    ///
    /// - Throws: `malformed`.
    init(writing text: String) throws(CacheError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let place = parts.firstIndex(of: "uploads"), parts.count > place + 2,
            !parts[place + 1].isEmpty, parts[place + 1].utf8.count <= ResourceName.maximumNameBytes,
            let (digest, isCompressed, _) = ResourceName.blob(parts[(place + 2)...])
        else { throw ResourceName.malformed(text, "uploads/NAME/blobs/HASH/SIZE") }
        self.digest = digest
        self.isCompressed = isCompressed
        upload = parts[...(place + 1)].joined(separator: "/")
    }

    private static let kinds: Set<Substring> = ["blobs", "compressed-blobs"]
    /// They are kept while an upload may be resumed; clients write a UUID.
    private static let maximumNameBytes = 256

    /// A blob at the beginning of parts, and how many of them it takes.
    private static func blob(
        _ parts: ArraySlice<Substring>
    ) -> (digest: Digest, isCompressed: Bool, used: Int)? {
        var rest = parts
        guard let kind = rest.popFirst(), kinds.contains(kind) else { return nil }
        let isCompressed = kind == "compressed-blobs"
        if isCompressed, rest.popFirst() != "zstd" { return nil }
        guard let hash = rest.popFirst(), let size = rest.popFirst(),
            let digest = try? Digest("\(hash)/\(size)")
        else { return nil }
        return (digest, isCompressed, isCompressed ? 4 : 3)
    }

    private static func malformed(_ text: String, _ form: String) -> CacheError {
        CacheError(
            .malformed,
            "`\(text.prefix(500))` names no blob: write \(form) with a SHA-256, or "
                + "compressed-blobs/zstd in place of blobs")
    }
}
