import Foundation
import StarlarkConformance
import TestKit

/// Runs peers' suites: `PeerSuites SKIPPED SUITE=FOLDER…`. `scripts/peer-suites` finds the folders.
@main struct PeerSuites {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let skipFile = arguments.first, arguments.count > 1 else { usage() }
        let skips = try SkipList(path: skipFile)
        var total = Count()
        for argument in arguments.dropFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2,
                let suite = PeerSuite.all.first(where: { $0.name == parts[0] })
            else { usage() }
            total.add(try run(suite, in: parts[1], skips))
        }
        print("all: \(total)")
        exit(total.failed == 0 ? 0 : 1)
    }

    private static func usage() -> Never {
        let names = PeerSuite.all.map(\.name).joined(separator: "|")
        print("usage: PeerSuites SKIPPED (\(names))=FOLDER…")
        exit(2)
    }

    /// Lines at which something was checked.
    private struct Count: CustomStringConvertible {
        var passed = 0
        var failed = 0
        var skipped = 0

        mutating func add(_ other: Count) {
            passed += other.passed
            failed += other.failed
            skipped += other.skipped
        }

        var description: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }
    }

    private static func run(
        _ suite: PeerSuite, in folder: String, _ skips: SkipList
    ) throws -> Count {
        var count = Count()
        for part in suite.parts {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: "\(folder)/\(part.folder)"
            )
            for name in names.sorted()
            where name.hasSuffix(".star") && !part.excluded.contains(name) {
                let path = "\(part.folder)/\(name)"
                var run = FileRun(
                    path, ChunkRunner(part.rules), skips.entries(suite: suite.name, file: path))
                run.run(try ChunkedFile(path: "\(folder)/\(path)"))
                for complaint in run.complaints { print("\(suite.name): \(complaint)") }
                count.add(
                    Count(passed: run.passed, failed: run.failed, skipped: run.skipped))
            }
        }
        print("\(suite.name): \(count)")
        return count
    }
}
