internal import BrambleModel

/// Reads what `ArchiveWriter` has written, and puts it into a store. Nothing is believed: contents
/// and trees are hashed, names are computed again, and the whole is checked at the end.
struct ArchiveReader {
    private let store: LocalStore
    /// Gives up to so many bytes; none at the end.
    private let read: (Int) throws(StoreError) -> [UInt8]
    private var hasher = ContentHasher()

    init(
        _ store: LocalStore, _ read: @escaping (Int) throws(StoreError) -> [UInt8]
    ) throws(StoreError) {
        self.store = store
        self.read = read
        guard try take(ArchiveFormat.magic.count) == ArchiveFormat.magic else {
            throw StoreError(.malformed, "it is not an archive of objects")
        }
    }

    /// Contents read at once.
    private static let partBytes = 1 << 20

    /// - Returns: The objects, in the order in which they came.
    mutating func run() throws(StoreError) -> [StoredObject] {
        var objects: [StoredObject] = []
        while true {
            let before = hasher.digest
            let header = try take(ArchiveFormat.headerBytes)
            guard let kind = ArchiveFormat.Kind(rawValue: header[0]),
                let size = ArchiveFormat.number(header.dropFirst())
            else { throw StoreError(.malformed, "it has a part of an unknown kind") }
            switch kind {
            case .blob: try takeBlob(size)
            case .object: objects.append(try takeObject(size))
            case .end:
                guard size == 32, try take(size) == before.hash.bytes else {
                    throw StoreError(.corrupt, "its content is not what was written")
                }
                return objects
            }
        }
    }

    private mutating func takeBlob(_ size: Int) throws(StoreError) {
        let writer = BlobWriter(store)
        var rest = size
        while rest > 0 {
            let part = try take(min(rest, ArchiveReader.partBytes))
            try writer.append(part)
            rest -= part.count
        }
        _ = try writer.finish()
    }

    private mutating func takeObject(_ size: Int) throws(StoreError) -> StoredObject {
        guard size <= ArchiveFormat.objectLimitBytes else {
            throw StoreError(.malformed, "it has an object of \(size) bytes")
        }
        var bytes = try take(size)[...]
        func takeName() throws(StoreError) -> StoreName {
            let text = String(decoding: bytes.prefix(StoreName.length), as: UTF8.self)
            bytes = bytes.dropFirst(StoreName.length)
            do throws(Fault) {
                return try StoreName(text)
            } catch {
                throw StoreError(.malformed, error.message)
            }
        }
        let name = try takeName()
        guard let count = ArchiveFormat.number(bytes.prefix(8)), bytes.count >= 8,
            count <= bytes.count / StoreName.length
        else { throw StoreError(.malformed, "the object `\(name)` in it ends early") }
        bytes = bytes.dropFirst(8)
        var references: [StoreName] = []
        for _ in 0..<count {
            let reference = try takeName()
            guard try store.findObject(reference) != nil else {
                throw StoreError(
                    .malformed, "`\(name)` in it comes before `\(reference)`, which it refers to")
            }
            references.append(reference)
        }
        return try store.addTree(
            try Tree(decoding: Array(bytes)), claimedName: name,
            references: Set(references).sorted())
    }

    /// Exactly so many bytes.
    private mutating func take(_ count: Int) throws(StoreError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = try read(count - bytes.count)
            guard !part.isEmpty else { throw StoreError(.malformed, "it ends early") }
            bytes += part
        }
        bytes.withUnsafeBytes { hasher.update($0) }
        return bytes
    }
}
