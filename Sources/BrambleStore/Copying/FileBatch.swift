internal import BrambleModel

/// Small files, read as a whole, one behind the other in one buffer: to be hashed together, which is
/// several times as fast as one after the other (`ContentHash.hashes`).
struct FileBatch {
    private let fileSystem: any FileSystem
    private let buffer: BlockBuffer
    private var contents: [Range<Int>] = []

    /// - Parameter buffer: Is the batch's as long as it is in use.
    init(_ fileSystem: any FileSystem, _ buffer: BlockBuffer) {
        self.fileSystem = fileSystem
        self.buffer = buffer
    }

    /// Whether a file belongs into a batch. What seems empty may be a file of the kernel's.
    static func isSmall(_ sizeBytes: Int) -> Bool {
        sizeBytes > 0 && sizeBytes <= BlockBuffer.capacityBytes / 16
    }

    /// Which files are to be worked on together: as many as have room in a buffer, and few enough
    /// that all threads end at about the same time.
    static func ranges(_ sizes: [Int]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < sizes.count {
            var end = start
            var total = 0
            while end < sizes.count, end - start < largestCount {
                total += sizes[end]
                guard total <= BlockBuffer.capacityBytes || end == start else { break }
                end += 1
            }
            let surplus = (end - start) % ContentHash.parallelCount
            if end < sizes.count, end - start > ContentHash.parallelCount { end -= surplus }
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }

    private static let largestCount = 64

    /// Reads a file from its start.
    ///
    /// - Parameter sizeBytes: What it is known to have; `isSmall`.
    mutating func read(_ descriptor: Descriptor, _ sizeBytes: Int) throws(StoreError) {
        let start = contents.last?.upperBound ?? 0
        var end = start
        while end < start + sizeBytes {
            let room = UnsafeMutableRawBufferPointer(
                rebasing: buffer.bytes[end..<start + sizeBytes])
            let count = try fileSystem.read(descriptor, into: room)
            // It has become shorter.
            if count == 0 { break }
            end += count
        }
        contents.append(start..<end)
    }

    /// The contents in the order in which they were read, to be changed at will.
    var bytes: [UnsafeMutableRawBufferPointer] {
        contents.map { UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[$0]) }
    }

    /// The digests of the contents as they are now.
    func digests() -> [Digest] {
        let hashes = ContentHash.hashes(of: bytes.map { UnsafeRawBufferPointer($0) })
        return zip(hashes, contents).map { Digest(hash: $0, sizeBytes: $1.count) }
    }
}
