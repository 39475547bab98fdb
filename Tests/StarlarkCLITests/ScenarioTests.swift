import Glibc
import TestKit
import Testing

/// Each scenario runs the command as it was built beside the tests, and compares all that it writes.
@Suite struct ScenarioTests {
    @Test(arguments: try ScenarioFile.all())
    func scenario(_ scenario: ScenarioFile) throws {
        try scenario.check(searchPath: [try folderOfTests()])
    }

    /// Where the executable that runs the tests is, and the products of the package with it.
    private func folderOfTests() throws -> String {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw POSIXFailure(call: "realpath", number: errno)
        }
        defer { free(path) }
        let executable = String(cString: path)
        return String(executable[..<(executable.lastIndex(of: "/") ?? executable.startIndex)])
    }
}
