import Glibc
import StarlarkConformance
import TestKit

/// Runs a peer's chunked files: `PeerSuites SUITE SKIPPED FILE…`, with SUITE one of go, java, specification; a file
/// whose name ends in `assert.star` is what go's files load.
@main
struct PeerSuites {
    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.popFirst(), let suite = ConformanceSuite(rawValue: name),
            let skipFile = arguments.popFirst()
        else {
            print("usage: PeerSuites go|java|specification SKIPPED FILE…")
            exit(2)
        }
        var run = PeerSuiteRun(suite: suite, skipped: try SkipList(path: skipFile))
        try run.run(files: Array(arguments))
        print("\(run.passed) passed, \(run.failed) failed, \(run.skipped) skipped")
        exit(run.failed == 0 ? 0 : 1)
    }
}
