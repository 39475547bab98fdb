import BrambleProject
import Glibc

/// Looks into files of objects, a block at a time.
enum FileComparison {
    private static let blockBytes = 1 << 20

    /// Where two files begin to differ; the length of the shorter one if it is the other's
    /// beginning.
    ///
    /// - Throws: `files`.
    static func firstDifference(
        _ first: String, _ second: String
    ) throws(BrambleError) -> Int {
        let one = try BlockFile(first)
        let other = try BlockFile(second)
        var offset = 0
        while true {
            let left = try one.read(at: offset, blockBytes)
            let right = try other.read(at: offset, blockBytes)
            let count = min(left.count, right.count)
            if let place = (0..<count).first(where: { left[$0] != right[$0] }) {
                return offset + place
            }
            offset += count
            if count < blockBytes { return offset }
        }
    }

    /// Where a text first stands in a file; nil if it doesn't.
    ///
    /// - Throws: `files`.
    static func firstOccurrence(
        of text: [UInt8], in path: String
    ) throws(BrambleError) -> Int? {
        let file = try BlockFile(path)
        var offset = 0
        while true {
            // Blocks overlap, so that nothing is cut in two.
            let block = try file.read(at: offset, blockBytes + text.count - 1)
            if let found = position(of: text, in: block) { return offset + found }
            guard block.count > blockBytes else { return nil }
            offset += blockBytes
        }
    }

    private static func position(of text: [UInt8], in block: [UInt8]) -> Int? {
        block.withUnsafeBytes { block in
            text.withUnsafeBytes { text in
                guard let start = block.baseAddress, let pattern = text.baseAddress else {
                    return nil
                }
                var offset = 0
                while offset + text.count <= block.count,
                    let found = memchr(
                        start + offset, Int32(text[0]), block.count - offset - text.count + 1)
                {
                    if memcmp(found, pattern, text.count) == 0 {
                        return UnsafeRawPointer(found) - start
                    }
                    offset = UnsafeRawPointer(found) - start + 1
                }
                return nil
            }
        }
    }
}

/// A file that is read in blocks.
private struct BlockFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws(BrambleError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw BlockFile.failure("open", path) }
    }

    deinit { close(descriptor) }

    func read(at offset: Int, _ limit: Int) throws(BrambleError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, limit - filled,
                    off_t(offset + filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw BlockFile.failure("read", path) }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(limit - filled)
        return bytes
    }

    private static func failure(_ call: String, _ path: String) -> BrambleError {
        BrambleError(.files, "\(call) `\(path)`: \(String(cString: strerror(errno)))")
    }
}
