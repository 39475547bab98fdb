import SourceDiagnostics
import TestKit
import Testing

@testable import BrambleProject

/// Our reader beside Python's `tomllib`, which read the specification on its own.
@Suite struct TOMLDifferentialTests {
    @Test func documentsOfAllKinds() throws {
        try compare(TOMLDocuments.all)
    }

    /// Parts of the documents, put together anew and damaged.
    @Test(arguments: [1, 2, 3, 20_261_126])
    func randomDocuments(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var documents: [String] = []
        for _ in 0..<1_500 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes += Array((TOMLDocuments.all.randomElement(using: &random) ?? "").utf8)
                bytes.append(UInt8(ascii: "\n"))
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                damage(&bytes, &random)
            }
            documents.append(String(decoding: bytes, as: UTF8.self))
        }
        try compare(documents)
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard !bytes.isEmpty else { return }
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes.remove(at: position)
        case 1:
            let marks = Array("[]{}=.,\"'#\\\n a1-_:".utf8)
            bytes.insert(marks.randomElement(using: &random) ?? 0x20, at: position)
        default: bytes.swapAt(position, bytes.count - 1)
        }
    }

    private func compare(_ documents: [String]) throws {
        let folder = try ScratchFolder()
        try folder.write(documents.map { $0 + "\0" }.joined(), to: "documents")
        let script = TextFile.path("tomllib_values.py", beside: #filePath)
        let outcome = try ShellCommand(folder: folder.path, environment: ["PATH=/usr/bin:/bin"])
            .run("python3 '\(script)' < documents")
        let lines = outcome.standardOutput.split(separator: "\n")
        try #require(lines.count == documents.count, "\(outcome.standardError)")
        for (document, line) in zip(documents, lines) {
            #expect(TOMLDifferentialTests.shown(document) == line, "\(document.debugDescription)")
        }
    }

    // MARK: The form of the script's lines

    private static func shown(_ document: String) -> String {
        let file = SourceFile(name: "document.toml", text: document)
        do throws(DiagnosticList) {
            return shown(try TOMLDocument(file).root)
        } catch {
            return "refused"
        }
    }

    private static func shown(_ table: TOMLTable) -> String {
        let pairs = table.entries.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        return "{" + pairs.map { json($0.key) + ":" + shown($0.value) }.joined(separator: ",") + "}"
    }

    private static func shown(_ value: TOMLValue) -> String {
        switch value.content {
        case .string(let text): return json(text)
        case .integer(let number): return "\(number)"
        case .boolean(let flag): return "\(flag)"
        case .float(let number):
            let digits = String(number.bitPattern, radix: 16)
            return number.isNaN
                ? "nan" : String(repeating: "0", count: 16 - digits.count) + digits
        case .dateTime: return "moment"
        case .array(let values): return "[" + values.map(shown).joined(separator: ",") + "]"
        case .table(let table): return shown(table)
        }
    }

    private static func json(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = [
            "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b",
            "\u{C}": "\\f",
        ]
        var result = "\""
        for scalar in text.unicodeScalars {
            if let escape = escapes[scalar] {
                result += escape
            } else if (0x20..<0x7F).contains(scalar.value) {
                result.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }
}
