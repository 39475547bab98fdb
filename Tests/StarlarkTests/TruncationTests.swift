import Foundation
import SourceDiagnostics
import Starlark
import StarlarkConformance
import TestKit
import Testing

/// Texts that end too early: the files of our own suite, cut off anywhere.
///
/// With `BRAMBLE_ALL_TRUNCATIONS=1` in the environment everywhere, which takes a minute; otherwise at
/// places that are as far apart as the time allows.
struct TruncationTests {
    #if DEBUG
        private static let isOptimized = false
    #else
        private static let isOptimized = true
    #endif
    private static let coversAll =
        ProcessInfo.processInfo.environment["BRAMBLE_ALL_TRUNCATIONS"] == "1"

    /// The lengths to cut a text of `count` bytes to. The step is no multiple of anything in the texts.
    private static func lengths(upTo count: Int, step: Int) -> StrideTo<Int> {
        stride(from: 0, to: count, by: coversAll ? 1 : step)
    }

    @Test(arguments: ConformanceTests.files)
    func everyTruncationOfAFileParses(_ name: String) throws {
        let bytes = Array(try TextFile.read(ConformanceTests.folder + "/" + name).utf8)
        let step = Self.isOptimized ? 5 : 331
        for count in Self.lengths(upTo: bytes.count, step: step) {
            let file = SourceFile(name: name, bytes: Array(bytes[..<count]))
            let (_, diagnostics) = SyntaxTree.parseTolerantly(file, dialect: .all)
            let isSound = diagnostics.allSatisfy {
                $0.span.start <= $0.span.end && Int($0.span.end) <= count
            }
            if !isSound { Issue.record("\(name), cut to \(count) bytes: a span is out of place") }
        }
    }

    /// A small limit of steps, as a loop may have lost what ends it.
    private static let runner = ChunkRunner(
        .own, limits: EvaluationLimits(steps: 20_000, depth: 200, allocatedBytes: 64 << 20))

    @Test(arguments: ConformanceTests.files)
    func everyTruncationOfAChunkRuns(_ name: String) throws {
        let step = Self.isOptimized ? 5 : 113
        for chunk in try ChunkedFile(path: ConformanceTests.folder + "/" + name).chunks {
            let text = Array(chunk.text.utf8)
            // What is before the chunk is empty lines.
            let padding = chunk.firstLine - 1
            for count in Self.lengths(upTo: text.count - padding, step: step) {
                let part = ChunkedFile.Chunk(
                    description: chunk.description, firstLine: 1,
                    text: String(decoding: text[padding..<padding + count], as: UTF8.self),
                    expectations: [], options: chunk.options)
                // Whatever comes of it, it comes back.
                _ = Self.runner.run(part, of: name)
            }
        }
    }
}
