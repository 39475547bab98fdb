/// The memory through which a thread reads files: one block of a fixed size, whatever their size.
final class BlockBuffer {
    /// Measured: from 256 KiB on no faster; a mebibyte makes few calls and stays in the cache.
    static let capacityBytes = 1 << 20

    let bytes: UnsafeMutableRawBufferPointer

    /// - Parameter capacityBytes: More than a name has.
    init(capacityBytes: Int = BlockBuffer.capacityBytes) {
        precondition(capacityBytes > NameScanner.length, "a block that holds no name")
        bytes = .allocate(byteCount: capacityBytes, alignment: 64)
    }

    deinit {
        bytes.deallocate()
    }
}
