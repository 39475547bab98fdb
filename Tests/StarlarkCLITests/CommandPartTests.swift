import Testing

@testable import StarlarkCLI

/// The small parts of the command that are values.
@Suite struct CommandPartTests {
    @Test(arguments: [
        ("1", 1), ("64K", 65_536), ("64kB", 65_536), ("1MiB", 1_048_576), ("2G", 2_147_483_648),
    ])
    func sizes(_ text: String, _ bytes: Int) {
        #expect(ByteCount(text)?.bytes == bytes)
    }

    @Test(arguments: ["", "0", "-1", "1.5M", "M", "1Q", "99999999999G", "1 M", "٣"])
    func noSizes(_ text: String) {
        #expect(ByteCount(text) == nil)
    }
}
