import CLibZstd

/// Makes a content of one that was compressed by zstd (RFC 8878), part by part.
///
/// One at a time uses it: the stream whose parts it decodes.
final class ZstdDecoder: @unchecked Sendable {
    private let context: OpaquePointer
    private var left: Int

    private static let partBytes = 256 << 10

    /// A frame whose window is larger is refused: 128 MiB, as the tool `zstd` does.
    private static let windowLog: Int32 = 27

    /// - Parameter limitBytes: The size of the content: a stream that yields more is none of its.
    /// - Throws: `failed` if there is no memory.
    init(limitBytes: Int) throws(RemoteError) {
        guard let context = ZSTD_createDCtx() else {
            throw RemoteError(.failed, "there is no memory for zstd")
        }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZstdDecoder.windowLog)
        self.context = context
        left = limitBytes
    }

    deinit { ZSTD_freeDCtx(context) }

    /// What a content can come to by compressing at worst, with room for servers that make many frames of
    /// it.
    static func compressedLimit(of sizeBytes: Int) -> Int {
        ZSTD_compressBound(sizeBytes) + sizeBytes / 8 + (64 << 10)
    }

    /// - Returns: What the bytes yield, in parts.
    /// - Throws: `corrupt` if they are not zstd's, or yield more than they may.
    func decode(_ bytes: [UInt8]) throws(RemoteError) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var position = 0
        while true {
            var part: [UInt8] = []
            var status = 0
            part = [UInt8](unsafeUninitializedCapacity: ZstdDecoder.partBytes) { output, count in
                bytes.withUnsafeBytes { input in
                    var inBuffer = ZSTD_inBuffer(
                        src: input.baseAddress, size: input.count, pos: position)
                    var outBuffer = ZSTD_outBuffer(
                        dst: UnsafeMutableRawPointer(output.baseAddress), size: output.count, pos: 0
                    )
                    status = ZSTD_decompressStream(context, &outBuffer, &inBuffer)
                    position = inBuffer.pos
                    count = outBuffer.pos
                }
            }
            guard ZSTD_isError(status) == 0 else {
                throw RemoteError(.corrupt, "it is not compressed by zstd")
            }
            left -= part.count
            guard left >= 0 else {
                throw RemoteError(.corrupt, "it is larger than it says when it is decompressed")
            }
            let isFull = part.count == ZstdDecoder.partBytes
            if !part.isEmpty { parts.append(part) }
            // A part that is not full means that nothing is kept back.
            if position == bytes.count, !isFull { return parts }
        }
    }
}
