/// A file read block by block, so that no name is cut: what could be the start of a name at the end
/// of a block is kept for the next one.
struct BlockReader {
    /// A part of the file.
    struct Block {
        /// The caller's to change: nothing of it is read again.
        let bytes: UnsafeMutableRawBufferPointer
        /// From the start of the file.
        let offset: Int
        /// Names that begin in the block, by their offsets in it. Those that are replaced lie in it
        /// as a whole.
        let hits: [(offset: Int, name: Int)]
        let isLast: Bool
    }

    let fileSystem: any FileSystem
    let descriptor: Descriptor
    let buffer: BlockBuffer
    /// nil if nothing is looked for.
    var scan: NameScan?
    /// The size of the file, if it is known: saves a call that would say that there is no more.
    var expectedSizeBytes: Int?

    /// Bytes at the start of the buffer that were read and not given out.
    private var kept = 0
    /// Where they are in the file.
    private var offset = 0

    init(_ fileSystem: any FileSystem, _ descriptor: Descriptor, _ buffer: BlockBuffer) {
        self.fileSystem = fileSystem
        self.descriptor = descriptor
        self.buffer = buffer
    }

    /// Reads the whole file.
    mutating func forEachBlock(
        _ body: (Block) throws(StoreError) -> Void
    ) throws(StoreError) {
        while true {
            let (filled, isAtEnd) = try fill()
            let whole = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<filled])
            let hits = scan?.hits(in: UnsafeRawBufferPointer(whole)) ?? []
            let given = isAtEnd ? filled : settled(filled, hits)
            try body(
                Block(
                    bytes: UnsafeMutableRawBufferPointer(rebasing: whole[..<given]),
                    offset: offset, hits: hits, isLast: isAtEnd))
            if isAtEnd { return }
            offset += given
            kept = filled - given
            if kept > 0, let base = whole.baseAddress {
                base.copyMemory(from: base + given, byteCount: kept)
            }
        }
    }

    /// How many bytes cannot be part of a name that goes on behind them.
    private func settled(_ filled: Int, _ hits: [(offset: Int, name: Int)]) -> Int {
        guard let scan else { return filled }
        let replaced = hits.last { scan.replaced.contains($0.name) }
        let behindIt = replaced.map { $0.offset + NameScanner.length } ?? 0
        return max(behindIt, filled - (NameScanner.length - 1), 0)
    }

    private mutating func fill() throws(StoreError) -> (filled: Int, isAtEnd: Bool) {
        var filled = kept
        while filled < buffer.bytes.count {
            if filled > 0, offset + filled == expectedSizeBytes { return (filled, true) }
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[filled...])
            let count = try fileSystem.read(descriptor, into: room)
            if count == 0 { return (filled, true) }
            filled += count
        }
        return (filled, false)
    }
}
