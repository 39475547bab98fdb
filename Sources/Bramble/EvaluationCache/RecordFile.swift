import BrambleModel
import BrambleProject

/// A file of the cache: a line that names the format, the SHA-256 of the rest, the rest.
///
/// It is written beside its place and renamed, so that readers see a whole file or none, however
/// many write. Nothing is synchronised to the disk: after a power cut the digest tells.
struct RecordFile {
    let path: String

    /// Nobody but the same version reads a record: what it holds may change with every version.
    private static let heading = Array("bramble evaluation \(BrambleVersion.current)\n".utf8)

    private static let hashSizeBytes = 32

    /// The rest, to be read; nil if there is no file, or another version wrote it, or it is damaged.
    func read() -> RecordReader? {
        // A cache that cannot be read is an empty one.
        guard let bytes = try? HostFile.read(path) else { return nil }
        let heading = RecordFile.heading
        let bodyStart = heading.count + RecordFile.hashSizeBytes
        guard bytes.count >= bodyStart, bytes.starts(with: heading) else { return nil }
        var hasher = ContentHasher()
        bytes.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[bodyStart...])) }
        guard hasher.finish().bytes.elementsEqual(bytes[heading.count..<bodyStart]) else {
            return nil
        }
        return RecordReader(bytes, from: bodyStart)
    }

    /// - Throws: `inputOutput` if the file system refuses.
    func write(_ body: [UInt8]) throws(ProjectError) {
        let bytes = RecordFile.heading + ContentHash(of: body).bytes + body
        try HostFile.replace(path, with: bytes)
    }
}
