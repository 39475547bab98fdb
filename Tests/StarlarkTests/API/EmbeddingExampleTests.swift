import Starlark
import TestKit
import Testing

/// The README's example is a file of this target, so it compiles; here it also runs.
@Suite struct EmbeddingExampleTests {
    @Test func runs() throws {
        let ports = try servers(
            configuration: """
                names = [server(region, port = 80 + i) for i, region in enumerate(regions)]
                ports = {name.split(":")[0]: int(name.split(":")[1]) for name in names}
                """)
        #expect(ports == ["eu": 80, "us": 81])
    }

    @Test func isTheOneInTheReadme() throws {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let example = try TextFile.read("/\(folder)/EmbeddingExample.swift")
        let readme = try TextFile.read("/\(folder)/../../../README.md")
        #expect(readme.contains("```swift\n\(example)```"))
        #expect(
            example.split(separator: "\n", omittingEmptySubsequences: false).dropLast().count == 20)
    }
}
