import BrambleModel
import BrambleRemote
import Testing

@Suite("Digests on the wire") struct DigestTests {
    @Test("A digest is the same after a way there and back") func roundTrip() {
        for content: [UInt8] in [[], [1], Array("hello".utf8)] {
            let digest = Digest(of: content)
            #expect(Digest(DigestMessage(digest)) == digest)
        }
    }

    @Test(
        "What no digest can be is none",
        arguments: [
            ("", 0), ("abc", 3), (String(repeating: "A", count: 64), 1),
            (String(repeating: "a", count: 64), -1), (String(repeating: "a", count: 65), 1),
        ])
    func refusal(hash: String, size: Int64) {
        var message = DigestMessage()
        message.hash = hash
        message.sizeBytes = size
        #expect(Digest(message) == nil)
    }
}
