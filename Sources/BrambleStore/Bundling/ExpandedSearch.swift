internal import BrambleModel

/// Looks for references in what a compressed file expands to, which comes in parts of any size.
struct ExpandedSearch {
    private let rewriting: PrefixRewriting
    private var member: String?
    /// The end of what came last of the member: a reference may begin there.
    private var kept: [UInt8] = []
    /// Where it is in the member.
    private var offset = 0
    private var hasFound = false

    /// The first reference in each member.
    private(set) var found: [(member: String?, offset: Int)] = []

    init(_ rewriting: PrefixRewriting) {
        self.rewriting = rewriting
    }

    /// - Parameter member: The file in the archive; nil if it is one compressed file.
    mutating func take(_ part: UnsafeRawBufferPointer, of member: String?) {
        if member != self.member {
            self.member = member
            (kept, offset, hasFound) = ([], 0, false)
        }
        guard !hasFound else { return }
        kept += part
        if let place = kept.withUnsafeBytes({ rewriting.firstReference(in: $0) }) {
            found.append((member, offset + place))
            hasFound = true
            return
        }
        let excess = max(0, kept.count - PrefixRewriting.marginBytes)
        kept.removeFirst(excess)
        offset += excess
    }
}

/// Expands a compressed file, or the files in an archive.
///
/// - Parameters:
///   - path: Absolute.
///   - take: Gets the bytes in their order, and the member that they are of; nil if the file is
///     one member.
/// - Returns: Whether all of it could be expanded.
package typealias CompressedFileExpander =
    @Sendable (
        _ path: String, _ take: (_ member: String?, _ bytes: UnsafeRawBufferPointer) -> Void
    ) -> Bool

/// How compressed files begin.
enum CompressedFile {
    /// gzip (RFC 1952), bzip2 with the mark of its first block, xz, zstd (RFC 8878), zip.
    private static let magics: [[UInt8]] = [
        [0x1F, 0x8B, 0x08], [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], [0x28, 0xB5, 0x2F, 0xFD],
        [0x50, 0x4B, 0x03, 0x04],
    ]
    private static let bzip2 = (
        start: Array("BZh".utf8), block: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59] as [UInt8]
    )
    static let magicBytes = 10

    /// - Parameter start: The first bytes of the file, `magicBytes` if it has so many.
    static func begins(_ start: [UInt8]) -> Bool {
        if start.starts(with: bzip2.start), start.dropFirst(4).starts(with: bzip2.block) {
            return true
        }
        return magics.contains { start.starts(with: $0) }
    }
}
