import TestKit
import Testing

/// What becomes of a sandbox when the process that runs it is killed.
@Suite struct ParentDeathTests {
    /// The sandboxed program holds a pipe open, and so would the launcher: at its end none of them lives.
    @Test func killingTheParentEndsEverything() throws {
        let scratch = try ScratchFolder()
        let host = try BuiltProducts.folder() + "/SandboxHost"
        let shell = ShellCommand(folder: scratch.path, environment: ["PATH=/usr/bin:/bin"])
        let outcome = try shell.run(
            """
            mkfifo pipe
            '\(host)' 1 0 '\(try ProbeProgram.path())' sleep >pipe & host=$!
            exec 3<pipe
            read -r line <&3
            echo "$line"
            kill -9 $host
            cat <&3
            echo end
            """)
        #expect(outcome.standardOutput == "ready\nend\n")
    }

    /// A launcher that is killed by somebody ends its sandboxes, and its owner is told.
    @Test func killingTheLauncherEndsTheRun() throws {
        let scratch = try ScratchFolder()
        let host = try BuiltProducts.folder() + "/SandboxHost"
        let shell = ShellCommand(folder: scratch.path, environment: ["PATH=/usr/bin:/bin"])
        let outcome = try shell.run(
            """
            mkfifo pipe
            '\(host)' 1 0 '\(try ProbeProgram.path())' sleep >pipe & host=$!
            exec 3<pipe
            read -r line <&3
            read -r launcher rest </proc/$host/task/$host/children
            kill -9 $launcher
            wait $host
            """)
        #expect(outcome.status == 125)
    }
}
