import FoundationEssentials
import TestKit

/// The archives that `make_archives.py` writes, made anew for each test that asks: it takes a
/// fraction of a second, and nothing is left behind.
final class SampleArchives {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        let shell = ShellCommand(
            folder: folder.path, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"])
        let script = TextFile.path("make_archives.py", beside: #filePath)
        let outcome = try shell.run("python3 '\(script)' .")
        guard outcome.status == 0 else {
            throw ScriptFailure(description: outcome.standardError)
        }
    }

    func path(_ name: String) -> String { folder.path + "/" + name }

    struct ScriptFailure: Error, CustomStringConvertible {
        let description: String
    }
}

/// What is in a folder, a line for each file, directory and link: permissions, path, target or text.
func listing(_ folder: String) throws -> String {
    let shell = ShellCommand(folder: folder, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C"])
    return try shell.run(
        "find . -mindepth 1 -printf '%M %n %s %P -> %l\\n' | sed 's/ -> $//' | sort -k4"
    ).standardOutput
}

func fileBytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
}
