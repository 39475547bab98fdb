import Bramble
import BrambleModel

/// What came of tests, in the XML that JUnit's Ant task began and continuous integration reads
/// (schema of Jenkins' xUnit plugin, `junit-10.xsd`).
struct JUnitReport {
    let result: TestResult

    init(_ result: TestResult) {
        self.result = result
    }

    var text: String {
        let failed = count { if case .failed = $0 { true } else { false } }
        let skipped = count { if case .notRun = $0 { true } else { false } }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuite name=\"bramble\" tests=\"\(result.tests.count)\" "
        text += "failures=\"\(failed)\" skipped=\"\(skipped)\">\n"
        for test in result.tests { text += element(test) }
        return text + "</testsuite>\n"
    }

    private func count(_ matches: (TestResult.Test.Verdict) -> Bool) -> Int {
        result.tests.count { matches($0.verdict) }
    }

    private func element(_ test: TestResult.Test) -> String {
        let milliseconds = test.milliseconds ?? 0
        let thousandths = String(1_000 + milliseconds % 1_000).dropFirst()
        var text = "  <testcase classname=\"\(escaped(test.target))\" "
        text += "name=\"\(escaped(test.name.description))\" "
        text += "time=\"\(milliseconds / 1_000).\(thousandths)\""
        switch test.verdict {
        case .passed: return text + "/>\n"
        case .failed(let failure):
            return text + "><failure message=\"\(escaped(failure.message))\"/></testcase>\n"
        case .notRun(let failure):
            return text + "><skipped message=\"\(escaped(failure.message))\"/></testcase>\n"
        }
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // XML 1.0 has no way to write other control characters.
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            case _ where scalar.value < 0x20: result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
