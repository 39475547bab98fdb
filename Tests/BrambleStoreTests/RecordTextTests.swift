import BrambleModel
import Testing

@testable import BrambleStore

/// The texts of builds' records and of roots, which are written out by hand: to the byte.
@Suite struct RecordTextTests {
    private static let key = String(repeating: "a", count: 32)
    private static let name = String(repeating: "b", count: 32)
    private static let digest = String(repeating: "0", count: 64) + "/7"

    private static let plain = """
        {"facts":{"derivation":"hello","duration_ms":12,"finished_at":1700000000,"key":"\(key)",\
        "machine":"here \\"and\\" there"},"outputs":[{"name":"\(name)","output":"out",\
        "tree":"\(digest)"}],"schema":"bramble/build-record/1"}
        """
    private static let complete = plain.replacing(
        "\"machine\"", with: "\"log\":\"\(digest)\",\"machine\""
    ).replacing("there\"},", with: "there\",\"resolved_derivation\":\"\(digest)\"},")

    @Test(arguments: [plain, complete]) func recordsKeepTheirText(_ text: String) throws {
        let record = try BuildRecord(json: Array(text.utf8))
        #expect(String(decoding: record.json, as: UTF8.self) == text)
        #expect(try CanonicalJSON.encode(record) == record.json)
        #expect(try CanonicalJSON.decode(BuildRecord.self, from: record.json) == record)
        #expect(record.facts.machine == "here \"and\" there")
        #expect(record.outputs.map(\.output) == [.standard])
        #expect((record.facts.log != nil) == text.contains("log"))
    }

    @Test func otherTextsAreRefused() throws {
        let text = RecordTextTests.plain
        let other = text.replacing("record/1", with: "record/2")
        let newer = #expect(throws: StoreError.self) { try BuildRecord(json: Array(other.utf8)) }
        #expect(newer?.code == .incompatible)
        for field in [
            "derivation", "duration_ms", "finished_at", "key", "machine", "tree", "facts",
        ] {
            let without = text.replacing("\"\(field)\"", with: "\"\(field)x\"")
            let error = #expect(throws: StoreError.self) {
                try BuildRecord(json: Array(without.utf8))
            }
            #expect(error?.code == .malformed, "\(field)")
        }
        for length in 0..<text.utf8.count {
            #expect(throws: StoreError.self) {
                try BuildRecord(json: Array(text.utf8.prefix(length)))
            }
        }
    }

    @Test func rootsAreWrittenAsTheyAreRead() throws {
        let root = StoreRoot(
            .target, owner: "./a:b of /somewhere \"else\"",
            objects: [try StoreName(RecordTextTests.name), try StoreName(RecordTextTests.key)])
        #expect(try CanonicalJSON.decode(StoreRoot.self, from: root.json) == root)
        #expect(try CanonicalJSON.encode(root) == root.json)
    }
}
