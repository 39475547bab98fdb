internal import CLibZstd

/// Decompresses zstd, in pieces and in constant memory.
///
/// `@unchecked Sendable`: its users hold a lock, or are one task; the pointer is never handed out.
package final class FrameDecompressor: @unchecked Sendable {
    private let context: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer
    /// Whether all that came so far are whole frames.
    package private(set) var isAtEndOfFrame = true

    /// 8 MiB: what levels up to 19 use. Whoever asks for more asks for our memory.
    private static let windowLog: Int32 = 23
    private static let bufferBytes = 128 << 10

    package init() throws {
        guard let context = ZSTD_createDStream() else {
            throw CompressionError(message: "cannot decompress: out of memory")
        }
        self.context = context
        buffer = .allocate(byteCount: FrameDecompressor.bufferBytes, alignment: 16)
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, FrameDecompressor.windowLog)
    }

    deinit {
        ZSTD_freeDStream(context)
        buffer.deallocate()
    }

    /// Takes the next compressed bytes.
    ///
    /// - Parameter body: Gets what they decompress to, in pieces. What it throws ends it.
    /// - Throws: `CompressionError` if they are not zstd.
    package func decode(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var isFull = false
        // What did not fit into the buffer is still inside when all bytes are taken.
        while input.pos < input.size || isFull {
            var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            let status = ZSTD_decompressStream(context, &output, &input)
            guard ZSTD_isError(status) == 0 else {
                throw CompressionError(
                    message: "cannot decompress: \(String(cString: ZSTD_getErrorName(status)))")
            }
            isAtEndOfFrame = status == 0
            isFull = output.pos == output.size && status != 0
            if output.pos > 0 {
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<output.pos]))
            }
        }
    }
}

/// Bytes that are not zstd, or that take too much memory to decompress.
package struct CompressionError: Error, Hashable, Sendable {
    package let message: String
}
