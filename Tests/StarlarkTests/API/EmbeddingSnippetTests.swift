import Foundation
import Testing

@Suite struct EmbeddingSnippetTests {
    @Test func works() throws {
        var lines: [String] = []
        let result = try EmbeddingSnippet.run { lines.append($0) }
        #expect(lines == ["Hello, world!", "Hello, world!"])
        #expect(
            result == [
                "lib", "app", #"{"name": "test", "deps": ["lib", "app", "linux"]}"#,
            ])
    }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The lines between the marks, without their common indentation.
    private func snippet() throws -> String {
        let file = EmbeddingSnippetTests.root.appending(
            path: "Tests/StarlarkTests/API/EmbeddingSnippet.swift")
        let lines = try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasSuffix("// snippet") })
        let end = try #require(lines.firstIndex { $0.hasSuffix("// end") })
        return lines[(start + 1)..<end].map { $0.dropFirst(8) }.joined(separator: "\n")
    }

    @Test(arguments: ["Sources/Starlark/Documentation.docc/Embedding.md", "README.md"])
    func isShownAsItStands(_ path: String) throws {
        let file = EmbeddingSnippetTests.root.appending(path: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        // The README may leave the program to the article.
        guard path != "README.md" || text.contains("HostFunction(\"greet\"") else { return }
        #expect(text.contains(try snippet()))
    }
}
