import Bramble
import BrambleModel

/// What came of tests, for people.
enum TestList {
    static func line(_ test: TestResult.Test) -> String {
        let time = test.milliseconds.map { " (\(seconds($0)))" } ?? ""
        switch test.verdict {
        case .passed:
            return "PASS \(test.target) \(test.name)" + (time.isEmpty ? " (as before)" : time)
        case .failed(let failure): return "FAIL \(test.target) \(test.name): \(failure.message)"
        case .notRun(let failure): return "SKIP \(test.target) \(test.name): \(failure.message)"
        }
    }

    static func summary(_ result: TestResult) -> String {
        let count = result.tests.count
        return result.passedCount == count
            ? "\(count) \(count == 1 ? "test" : "tests") passed"
            : "\(count - result.passedCount) of \(count) tests did not pass"
    }

    static func status(_ result: TestResult) -> ExitStatus {
        result.passedCount == result.tests.count ? .success : .testsFailed
    }

    static func seconds(_ milliseconds: Int) -> String {
        let tenths = (milliseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10)s"
    }
}

/// The same for programs: schema `bramble/test-result/1`.
struct TestReport: Encodable {
    struct Test: Encodable {
        let target: String
        let name: DerivationName
        let derivation: DerivationHash
        /// `passed`, `failed` or `not_run`.
        let verdict: String
        let message: String?
        let milliseconds: Int?
    }

    let schema = "bramble/test-result/1"
    let tests: [Test]

    init(_ result: TestResult) {
        tests = result.tests.map { test in
            let (verdict, message): (String, String?) =
                switch test.verdict {
                case .passed: ("passed", nil)
                case .failed(let failure): ("failed", failure.message)
                case .notRun(let failure): ("not_run", failure.message)
                }
            return Test(
                target: test.target, name: test.name, derivation: test.derivation,
                verdict: verdict, message: message, milliseconds: test.milliseconds)
        }
    }
}
