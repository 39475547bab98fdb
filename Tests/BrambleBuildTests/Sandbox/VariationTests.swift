import BrambleModel
import BrambleStore
import Glibc
import Testing

@testable import BrambleBuild

/// `--check` finds builders that write down what they must not depend on.
@Suite struct VariationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var script: String
        var isReproducible = false
    }

    static let cases = [
        Case(testDescription: "text", script: "echo text", isReproducible: true),
        Case(testDescription: "its path", script: "echo $out", isReproducible: true),
        Case(
            testDescription: "environment", script: "env | sort | grep -v CORES",
            isReproducible: true),
        Case(testDescription: "host", script: "hostname; uname -n", isReproducible: true),
        Case(testDescription: "time", script: "date +%s"),
        Case(testDescription: "time of a file", script: "touch x; stat -c %Y x"),
        Case(testDescription: "process", script: "echo $$"),
        Case(testDescription: "random", script: "head -c 8 /dev/urandom | od -t x1"),
        Case(testDescription: "user", script: "id -u"),
        Case(testDescription: "group", script: "id -g"),
        Case(testDescription: "owner of a file", script: "touch x; stat -c %u x"),
        Case(testDescription: "cores it may use", script: "echo $BRAMBLE_BUILD_CORES"),
        // A machine with one processor shows it always.
        Case(
            testDescription: "processors", script: "nproc",
            isReproducible: sysconf(Int32(_SC_NPROCESSORS_ONLN)) == 1),
    ]

    /// All of them in one build, as a check waits a second.
    @Test func differencesAreFound() async throws {
        let fixture = try SandboxFixture()
        fixture.build.options.checks = 1
        let derivations = try Self.cases.map { testCase in
            try fixture.script(
                testCase.testDescription.replacing(" ", with: "-"),
                "(\(testCase.script)) >$out/file")
        }
        let built = try await fixture.run(derivations, wanted: derivations)
        let found = built.outcome.failures.filter { $0.failure.reason == .notReproducible }
        #expect(found.count == built.outcome.failures.count)
        #expect(
            Set(found.map(\.name.description))
                == Set(
                    Self.cases.filter { !$0.isReproducible }.map {
                        $0.testDescription.replacing(" ", with: "-")
                    }))
        #expect(try fixture.build.leftovers() == "")
    }
}
