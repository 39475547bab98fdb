internal import CLibZstd

/// Compresses to zstd, in pieces and in constant memory.
///
/// `@unchecked Sendable`: its users hold a lock, or are one task; the pointer is never handed out.
package final class FrameCompressor: @unchecked Sendable {
    private let context: OpaquePointer

    /// The fastest: networks that are worth compressing for are slower still.
    private static let level: Int32 = 1
    private static let bufferBytes = 128 << 10

    package init() throws {
        guard let context = ZSTD_createCStream() else {
            throw CompressionError(message: "cannot compress: out of memory")
        }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, FrameCompressor.level)
    }

    deinit { ZSTD_freeCStream(context) }

    /// Compresses the next bytes.
    ///
    /// - Parameter isLast: Whether they end the frame.
    /// - Returns: What there is to be sent now, which may be nothing.
    package func encode(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws -> [UInt8] {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var result: [UInt8] = []
        while true {
            let rest = try encodePart(&input, isLast: isLast, into: &result)
            if isLast ? rest == 0 : input.pos == input.size { return result }
        }
    }

    /// - Returns: How much is left inside.
    private func encodePart(
        _ input: inout ZSTD_inBuffer, isLast: Bool, into result: inout [UInt8]
    ) throws -> Int {
        var rest = 0
        let part = [UInt8](unsafeUninitializedCapacity: FrameCompressor.bufferBytes) {
            buffer, count in
            var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            rest = ZSTD_compressStream2(
                context, &output, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
            count = output.pos
        }
        guard ZSTD_isError(rest) == 0 else {
            throw CompressionError(
                message: "cannot compress: \(String(cString: ZSTD_getErrorName(rest)))")
        }
        result += part
        return rest
    }
}
