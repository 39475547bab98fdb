import TestKit
import Testing

@testable import BrambleModel

/// Contents that are hashed together have the hashes that each has alone.
struct ManyHashesTests {
    private func check(_ contents: [[UInt8]], atOnce count: Int?) {
        let alone = contents.map { ContentHash(of: $0) }
        withBuffers(of: contents) { buffers in
            guard let count else {
                #expect(ContentHash.hashes(of: buffers) == alone)
                return
            }
            #expect(ContentHash.hashes(of: buffers, atOnce: count) == alone)
        }
    }

    private func withBuffers(
        of contents: [[UInt8]], _ body: ([UnsafeRawBufferPointer]) -> Void
    ) {
        let joined = contents.flatMap { $0 }
        joined.withUnsafeBytes { bytes in
            var offset = 0
            body(
                contents.map { content in
                    defer { offset += content.count }
                    return UnsafeRawBufferPointer(
                        rebasing: bytes[offset..<offset + content.count])
                })
        }
    }

    /// Those that this processor has, and the way that is taken by itself.
    static let counts: [Int?] = [nil] + [8, 16].filter { $0 <= ContentHash.parallelCount }

    @Test(arguments: counts) func sizesAroundTheEdgesOfBlocks(_ count: Int?) {
        let sizes = [0, 1, 31, 55, 56, 57, 63, 64, 65, 118, 119, 120, 127, 128, 129, 1000, 4096]
        let contents = sizes.map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
        check(contents, atOnce: count)
    }

    @Test(arguments: counts) func anyNumberOfAnySize(_ count: Int?) {
        var random = SeededRandom(seed: 1)
        for total in [0, 1, 2, 7, 8, 9, 15, 16, 17, 33, 64] {
            let contents = (0..<total).map { _ in
                let size = Int.random(in: 0...300, using: &random)
                return (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            }
            check(contents, atOnce: count)
        }
    }

    @Test func otherWidthsAreRefused() {
        #expect(ContentHash.hashes(of: [], atOnce: 4) == nil)
        #expect(ContentHash.hashes(of: [], atOnce: 1) == nil)
    }
}
