import BrambleLang
import BrambleModel
import FoundationEssentials
import SourceDiagnostics
import TestKit
import Testing

/// The language in chunked files: `Language/*.bramble`. A chunk is the module `./chunk`, all of
/// whose targets are called; an error counts at the line of the innermost frame in it.
struct LanguageTests {
    struct File: CustomTestStringConvertible, Sendable {
        let path: String
        var testDescription: String { URL(filePath: path).lastPathComponent }
    }

    static let files: [File] = {
        let folder = TextFile.path("Language", beside: #filePath)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".bramble") }.sorted().map {
            File(path: folder + "/" + $0)
        }
    }()

    @Test func thereAreFiles() { #expect(LanguageTests.files.count >= 5) }

    @Test(arguments: files)
    func language(_ file: File) throws {
        let chunked = try ChunkedFile(path: file.path)
        for chunk in chunked.chunks {
            for mismatch in chunk.mismatches(try errors(of: chunk)) {
                Issue.record("\(chunk): \(mismatch)")
            }
        }
    }

    private func errors(of chunk: ChunkedFile.Chunk) throws -> [(line: Int, message: String)] {
        let modules = TestModules(
            modules: [
                "./chunk": chunk.text, "./lib/helper": LanguageTests.helper,
                "example.org/x/y": LanguageTests.helper,
            ],
            files: ["a.c", "b.c", "b.h", "lib/c.c", "lib/deep/d.c"])
        let evaluator = ModuleEvaluator(provider: modules, options: try .test())
        do {
            _ = try evaluator.evaluate([EvaluationRequest(try .local("chunk"))])
            return []
        } catch let errors as EvaluationErrors {
            return errors.errors.map { (LanguageTests.line(of: $0), $0.messageWithHint) }
        }
    }

    private static func line(of fault: EvaluationFault) -> Int {
        switch fault {
        case .diagnostic(let diagnostic):
            return diagnostic.file.location(of: diagnostic.span.start).line
        case .failure(_, _, let stack), .limit(_, _, let stack):
            let frame = stack.last { $0.file.name == "chunk.bramble" }
            return frame.map { $0.file.location(of: $0.span.start).line } ?? 0
        }
    }

    static let helper = """
        one = 1
        _private = 2
        def tool(name = "tool"):
            return derivation(name, "/bin/true", outputs = ["out", "dev"])
        def sources():
            return files(["*.c"])
        def call(f):
            return f()
        """
}
