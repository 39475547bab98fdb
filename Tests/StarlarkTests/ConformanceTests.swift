import Foundation
import StarlarkConformance
import TestKit
import Testing

/// Our own suite of the language: see `Conformance/README.md`.
struct ConformanceTests {
    static let folder = TextFile.path("Conformance", beside: #filePath)

    /// The names of the suite's files.
    static let files =
        (try? FileManager.default.contentsOfDirectory(atPath: folder))
        .map { $0.filter { $0.hasSuffix(".star") }.sorted() } ?? []

    @Test func theSuiteIsThere() { #expect(Self.files.count > 40) }

    @Test(arguments: files)
    func conformance(_ name: String) throws {
        let path = Self.folder + "/" + name
        let runner = ChunkRunner(.own)
        for chunk in try ChunkedFile(path: path).chunks {
            for problem in runner.run(chunk, of: name).problems {
                Issue.record(
                    "\(problem.message)",
                    sourceLocation: SourceLocation(
                        fileID: "StarlarkTests/\(name)", filePath: path, line: problem.line,
                        column: 1))
            }
        }
    }
}
