import CLibZstd

/// Compresses a content by zstd (RFC 8878), part by part.
///
/// One at a time uses it: the stream whose parts it encodes.
final class ZstdEncoder: @unchecked Sendable {
    private let context: OpaquePointer

    /// The fastest of the usual levels: networks are fast, and so are to be disks.
    private static let level: Int32 = 1

    /// - Throws: `failed` if there is no memory.
    init() throws(RemoteError) {
        guard let context = ZSTD_createCCtx() else {
            throw RemoteError(.failed, "there is no memory for zstd")
        }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZstdEncoder.level)
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// - Parameter isLast: Whether this ends the content; then nothing is kept back.
    func encode(_ bytes: [UInt8], isLast: Bool) throws(RemoteError) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while true {
            var status = 0
            let part = [UInt8](unsafeUninitializedCapacity: ZSTD_CStreamOutSize()) {
                output, count in
                bytes.withUnsafeBytes { input in
                    var inBuffer = ZSTD_inBuffer(
                        src: input.baseAddress, size: input.count, pos: position)
                    var outBuffer = ZSTD_outBuffer(
                        dst: UnsafeMutableRawPointer(output.baseAddress), size: output.count, pos: 0
                    )
                    status = ZSTD_compressStream2(
                        context, &outBuffer, &inBuffer, isLast ? ZSTD_e_end : ZSTD_e_continue)
                    position = inBuffer.pos
                    count = outBuffer.pos
                }
            }
            guard ZSTD_isError(status) == 0 else {
                throw RemoteError(.failed, "zstd cannot compress a content")
            }
            result += part
            // What is left: at the end nothing may be, before only that all was taken counts.
            if isLast ? status == 0 : position == bytes.count { return result }
        }
    }
}
