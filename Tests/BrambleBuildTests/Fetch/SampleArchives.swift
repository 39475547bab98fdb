import FoundationEssentials
import Glibc
import TestKit

/// The archives that `make_archives.py` writes: made once, removed when the process ends.
enum SampleArchives {
    private static let made = Result {
        let scratch = try ScratchFolder()
        // A static value is never freed, so this removes them.
        atexit { SampleArchives.remove() }
        let shell = ShellCommand(
            folder: scratch.path, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"])
        let script = TextFile.path("make_archives.py", beside: #filePath)
        let outcome = try shell.run("python3 '\(script)' .")
        guard outcome.status == 0 else {
            throw ScriptFailure(description: outcome.standardError)
        }
        return Folder(scratch)
    }

    /// The folder they are in.
    static func folder() throws -> String { try made.get().scratch.path }

    private static func remove() {
        // Nobody is left to hear of a failure.
        guard case .success(let folder) = made else { return }
        try? FileManager.default.removeItem(atPath: folder.scratch.path)
    }

    /// Only the path is used, which never changes.
    private final class Folder: @unchecked Sendable {
        let scratch: ScratchFolder
        init(_ scratch: ScratchFolder) { self.scratch = scratch }
    }

    struct ScriptFailure: Error, CustomStringConvertible {
        let description: String
    }
}

/// What is in a folder, a line for each: permissions; for files and links the number of links and the
/// size; path; target.
func listing(_ folder: String) throws -> String {
    let shell = ShellCommand(folder: folder, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C"])
    return try shell.run(
        """
        find . -mindepth 1 \\( -type d -printf '%P\\t%M %P\\n' \\) -o \\( -type l -printf \
        '%P\\t%M %n %s %P -> %l\\n' \\) -o -printf '%P\\t%M %n %s %P\\n' | sort | cut -f2-
        """
    ).standardOutput
}

func fileBytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
}
