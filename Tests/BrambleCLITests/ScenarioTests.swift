import TestKit
import Testing

/// Each scenario runs the command as it was built beside the tests, and compares all that it writes.
@Suite struct ScenarioTests {
    @Test(arguments: try ScenarioFile.all())
    func scenario(_ scenario: ScenarioFile) throws {
        try scenario.check(searchPath: [try BuiltProducts.folder()])
    }
}
