import BrambleModel
import Testing

@testable import BrambleRemote

@Suite struct SignatureTests {
    private let record = Array(#"{"schema":"bramble/build-record/1"}"#.utf8)

    @Test func whoIsTrustedIsBelieved() throws {
        let key = try SigningKey(newNamed: "build.example.org-1")
        let trusted = [try TrustedKey(key.publicText)]
        let signature = Array(key.signature(of: record).utf8)
        #expect(RecordSignature.isTrusted(record, signatures: signature, by: trusted))
        // A key comes back from its file.
        let same = try SigningKey(key.text + "\n")
        #expect(same.publicText == key.publicText)
        let both = Array("other:AAAA\n".utf8) + signature
        #expect(RecordSignature.isTrusted(record, signatures: both, by: trusted))
    }

    @Test func nobodyElseIs() throws {
        let key = try SigningKey(newNamed: "a")
        let other = try SigningKey(newNamed: "a")
        let signature = Array(key.signature(of: record).utf8)
        let trusted = [try TrustedKey(key.publicText)]
        #expect(!RecordSignature.isTrusted(record + [32], signatures: signature, by: trusted))
        #expect(!RecordSignature.isTrusted(record, signatures: [], by: trusted))
        #expect(!RecordSignature.isTrusted(record, signatures: signature, by: []))
        #expect(
            !RecordSignature.isTrusted(
                record, signatures: Array(other.signature(of: record).utf8), by: trusted))
        // Under another name it is another key.
        let renamed = Array("b:".utf8) + signature.dropFirst(2)
        #expect(!RecordSignature.isTrusted(record, signatures: renamed, by: trusted))
    }

    @Test(arguments: ["", "name", "name:", "name:AAAA", ":AAAA", "na me:AAAA", "name:not base64"])
    func whatIsNoKey(text: String) {
        #expect(throws: Fault.self) { try TrustedKey(text) }
        #expect(throws: Fault.self) { try SigningKey(text) }
    }
}
