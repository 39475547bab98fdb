import Glibc
import TestKit

/// The C program that tries things from inside (Probes/probe.c). It is compiled beside the tests, once for
/// each of its versions.
enum ProbeProgram {
    private static let compiled = Result { try compile() }

    /// Its path on the host.
    static func path() throws -> String { try compiled.get() }

    private static func compile() throws -> String {
        let source = TextFile.path("Probes/probe.c", beside: #filePath)
        let program = try BuiltProducts.folder() + "/bramble-sandbox-probe"
        if try !isOlder(program, than: source) { return program }
        let shell = ShellCommand(folder: "/", environment: ["PATH=/usr/bin:/bin"])
        // Renamed, so that nobody sees half of it.
        let part = program + ".\(getpid())"
        let outcome = try shell.run(
            "cc -O1 -static -o '\(part)' '\(source)' && mv '\(part)' '\(program)'")
        if outcome.status != 0 { throw CompilationFailure(description: outcome.standardError) }
        return program
    }

    private struct CompilationFailure: Error, CustomStringConvertible {
        let description: String
    }

    private static func isOlder(_ program: String, than source: String) throws -> Bool {
        var (made, written) = (stat(), stat())
        guard stat(source, &written) == 0 else { throw POSIXFailure(call: "stat", number: errno) }
        guard stat(program, &made) == 0 else { return true }
        return (made.st_mtim.tv_sec, made.st_mtim.tv_nsec)
            < (written.st_mtim.tv_sec, written.st_mtim.tv_nsec)
    }
}
