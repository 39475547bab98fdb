import TestKit
import Testing

@testable import BrambleRemote

@Suite struct CompressionTests {
    private func compressed(_ parts: [[UInt8]]) throws -> [UInt8] {
        let encoder = try ZstdEncoder()
        var bytes: [UInt8] = []
        for (number, part) in parts.enumerated() {
            bytes += try encoder.encode(part, isLast: number == parts.count - 1)
        }
        return bytes
    }

    @Test(arguments: [[0], [1], [1_000_000], [300_000, 0, 500_000, 1]])
    func contentsComeBack(sizes: [Int]) throws {
        var state: UInt8 = 1
        let parts = sizes.map { size in
            (0..<size).map { _ -> UInt8 in
                state = state &* 73 &+ 41
                return state & 7
            }
        }
        let content = parts.flatMap(\.self)
        let bytes = try compressed(parts)
        for step in [1 << 20, 4_096, 61] {
            let decoder = try ZstdDecoder(limitBytes: content.count)
            var result: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: step) {
                let part = Array(bytes[start..<min(bytes.count, start + step)])
                result += try decoder.decode(part).flatMap(\.self)
            }
            #expect(result == content)
        }
    }

    /// A gigabyte in some kilobytes is refused after what it may be.
    @Test func bombsAreRefused() throws {
        let encoder = try ZstdEncoder()
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var bytes: [UInt8] = []
        for number in 0..<64 { bytes += try encoder.encode(zeros, isLast: number == 63) }
        let decoder = try ZstdDecoder(limitBytes: 1_000)
        let error = #expect(throws: RemoteError.self) { try decoder.decode(bytes) }
        #expect(error?.code == .corrupt)
    }

    @Test func whatIsNotCompressedIsRefused() throws {
        let decoder = try ZstdDecoder(limitBytes: 1_000)
        let error = #expect(throws: RemoteError.self) {
            try decoder.decode(Array("hello, world".utf8))
        }
        #expect(error?.code == .corrupt)
    }
}
