internal import BrambleModel

/// Writes objects one after the other, with each content once and before it is needed, and never
/// more than a block of it in memory.
struct ArchiveWriter {
    private let store: LocalStore
    private let write: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    private var hasher = ContentHasher()
    private var written: Set<Digest> = []

    init(
        _ store: LocalStore, _ write: @escaping (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        self.store = store
        self.write = write
        try put(ArchiveFormat.magic)
    }

    mutating func add(_ name: StoreName) throws(StoreError) {
        let tree = try store.readTree(of: name)
        var files: [(path: String, digest: Digest)] = []
        tree.forEachDirectory { path, directory in
            files += directory.files.map { ("\(name)/\(joined(path, $0.name))", $0.digest) }
        }
        for file in files where written.insert(file.digest).inserted {
            try addBlob(file.digest, at: file.path)
        }
        let references = try store.findReferences(of: name)
        var bytes = Array(name.description.utf8)
        bytes += ArchiveFormat.bytes(of: references.count)
        for reference in references { bytes += reference.description.utf8 }
        bytes += tree.encoded
        try putHeader(.object, bytes.count)
        try put(bytes)
    }

    mutating func finish() throws(StoreError) {
        let digest = hasher.digest.hash.bytes
        try putHeader(.end, digest.count)
        try put(digest)
    }

    private mutating func addBlob(
        _ digest: Digest, at path: String
    ) throws(StoreError) {
        try putHeader(.blob, digest.sizeBytes)
        var content = ContentHasher()
        var archive = hasher
        try store.readFile(path) { (part) throws(StoreError) in
            content.update(part)
            archive.update(part)
            try write(part)
        }
        hasher = archive
        guard content.digest == digest else {
            throw StoreError(
                .corrupt, "the file `\(path)` is damaged")
        }
    }

    private mutating func putHeader(_ kind: ArchiveFormat.Kind, _ size: Int) throws(StoreError) {
        try put([kind.rawValue] + ArchiveFormat.bytes(of: size))
    }

    private mutating func put(_ bytes: [UInt8]) throws(StoreError) {
        var archive = hasher
        try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            archive.update(bytes)
            try write(bytes)
        }
        hasher = archive
    }
}

extension ArchiveFormat {
    /// A number in 8 bytes, lowest first.
    static func bytes(of number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// - Returns: nil for what is no size.
    static func number(_ bytes: some Collection<UInt8>) -> Int? {
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }
}
