import TestKit
import Testing

/// Each scenario runs the command as it was built beside the tests, and compares all that it writes.
@Suite struct ScenarioTests {
    @Test(arguments: try ScenarioFile.all())
    func scenario(_ scenario: ScenarioFile) throws {
        let examples = TextFile.path("../../examples", beside: #filePath)
        try scenario.check(
            searchPath: [try BuiltProducts.folder()], environment: ["EXAMPLES=" + examples])
    }
}
