import BrambleModel
import BrambleREAPI
import BrambleRemote
import SwiftProtobuf
import Testing

/// Digests on the wire.
@Suite struct DigestTests {
    @Test func roundTrip() {
        for content: [UInt8] in [[], [1], Array("hello".utf8)] {
            let digest = Digest(of: content)
            #expect(Digest(DigestMessage(digest)) == digest)
        }
    }

    @Test(arguments: [
        "", "abc", String(repeating: "A", count: 64), String(repeating: "a", count: 65),
    ])
    func whatIsNoHash(hash: String) {
        #expect(Digest(.with { $0.hash = hash }) == nil)
    }

    @Test func aNegativeSize() {
        let hash = String(repeating: "a", count: 64)
        #expect(Digest(.with { ($0.hash, $0.sizeBytes) = (hash, -1) }) == nil)
    }
}
