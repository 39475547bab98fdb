import ArgumentParser
import Bramble

/// `bramble check`
struct CheckCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for mistakes in all of the project's files.",
        discussion: """
            Nothing is evaluated: it finds what is wrong with `bramble.toml` and `bramble.lock`, \
            mistakes of syntax and names, modules that do not exist or load each other in a circle, \
            and what is loaded or defined but never used.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .customLong("warnings-as-errors"), help: "Let warnings fail too.")
    var warningsAreErrors = false

    func run(_ console: Console) throws -> ExitStatus {
        let report = try Workspace(global).check()
        console.show(report.problems + report.diagnostics.map { .diagnostic($0) })
        let modules = counted(report.moduleCount, "module")
        let errors = counted(report.errorCount, "error")
        console.say("\(modules): \(errors), \(counted(report.warningCount, "warning"))")
        let hasFailed = report.errorCount > 0 || (warningsAreErrors && report.warningCount > 0)
        return hasFailed ? .configuration : .success
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
