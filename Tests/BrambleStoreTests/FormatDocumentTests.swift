import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// `docs/store-format.md` says what the code does.
struct FormatDocumentTests {
    /// The bodies of the fenced blocks with an info string.
    private func examples(_ kind: String) throws -> [[String]] {
        let path = TextFile.path("../../docs/store-format.md", beside: #filePath)
        let parts = try TextFile.read(path).split(separator: "```text \(kind)\n").dropFirst()
        return parts.map { part in
            part.split(separator: "\n").prefix { $0 != "```" }.map(String.init)
        }
    }

    @Test func directories() throws {
        let examples = try examples("directory")
        #expect(examples.count == 2)
        for example in examples {
            var directory = Directory()
            for line in example.dropLast() {
                let words = line.split(separator: " ").map(String.init)
                switch words[0] {
                case "file", "executable":
                    directory.files.append(
                        .init(
                            name: words[1], digest: try Digest(words[2]),
                            isExecutable: words[0] == "executable"))
                case "directory":
                    directory.directories.append(
                        .init(name: words[1], digest: try Digest(words[2])))
                default: directory.symlinks.append(.init(name: words[1], target: words[2]))
                }
            }
            let hex = directory.encoded.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            #expect("= " + hex.joined() == example.last)
        }
    }

    @Test func names() throws {
        let lines = try examples("names").flatMap(\.self)
        #expect(lines.count == 2)
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            let places = words.dropFirst().dropLast(2)
            let references = stride(from: places.startIndex, to: places.endIndex, by: 2).map {
                SelfReference(path: places[$0], offset: Int(places[$0 + 1]) ?? -1)
            }
            // In any order: the name sorts them.
            let name = StoreName(
                tree: try Digest(words[0]), selfReferences: references.reversed())
            #expect(name.description == words.last)
        }
    }
}
