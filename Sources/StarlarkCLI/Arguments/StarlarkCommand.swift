import ArgumentParser
import Glibc
import Starlark
import StarlarkConsole

/// The command line, as the argument parser reads it.
struct StarlarkCommand: ParsableCommand {
    static let configuration = ArgumentParser.CommandConfiguration(
        commandName: "starlark",
        abstract: "Run Starlark programs.",
        usage: """
            starlark [<options>] <file> [<arguments> ...]
            starlark [<options>] -c <code> [<arguments> ...]
            starlark [<options>]
            """,
        discussion: CommandHelp.discussion)

    @Flag(name: .long, help: "Look for mistakes without running anything.")
    var check = false

    @Flag(
        name: .shortAndLong,
        help: "Read texts and show their values, even without a terminal.")
    var interactive = false

    @Option(name: .customShort("c"), help: .init("Run this text.", valueName: "code"))
    var code: String?

    @Option(
        name: .long,
        help: .init("Allow more of the language; `help` lists the options.", valueName: "options"))
    var dialect: String?

    @Option(
        name: .customLong("limit-steps"),
        help: .init("Stop after so many calls and turns of loops.", valueName: "count"))
    var stepLimit: Int?

    @Option(
        name: .customLong("limit-memory"),
        help: .init("Stop when values take more memory than that.", valueName: "size"))
    var memoryLimit: ByteCount?

    @Option(
        name: .customLong("limit-depth"),
        help: .init("Stop when more calls than that are nested.", valueName: "count"))
    var depthLimit: Int?

    @Flag(name: .long, help: "Show where the time went, on standard error.")
    var profile = false

    @Option(
        name: .customLong("profile-output"),
        help: .init("Write that to a file.", valueName: "file"))
    var profileOutput: String?

    @Option(
        name: .customLong("profile-format"),
        help: .init("How that is written; `collapsed` is for flame graphs.", valueName: "format"))
    var profileFormat: CommandConfiguration.ProfileFormat?

    @Option(name: .long, help: .init("Whether messages are coloured.", valueName: "when"))
    var color = ColorChoice.auto

    @Argument(
        parsing: .captureForPassthrough,
        help: .init("A file, or `-` for standard input; then its arguments.", valueName: "file"))
    var operands: [String] = []
}

extension StarlarkCommand {
    /// What the arguments ask for. For `--help`, and after a mistake, the process ends here.
    static func configuration(_ arguments: [String]) -> CommandConfiguration {
        do {
            let command = try parse(arguments)
            if command.dialect == "help" { leave(.success, saying: DialectOption.help) }
            return try command.configuration()
        } catch {
            // Help and version are thrown too.
            if exitCode(for: error).isSuccess {
                leave(.success, saying: fullMessage(for: error) + "\n")
            }
            let hint = "hint: `starlark --help` explains the command line\n"
            leave(.usage, saying: "error: " + message(for: error) + "\n" + hint)
        }
    }

    private static func leave(_ status: ExitStatus, saying text: String) -> Never {
        let output = status == .success ? OutputStream.standardOutput() : .standardError()
        output.write(text)
        output.flush()
        status.leave()
    }

    /// Many calls take much memory for what a message then shows of them.
    private static let maximumDepth = 1_000_000

    private func configuration() throws -> CommandConfiguration {
        var (input, arguments) = try inputAndArguments()
        if input != .interactive {
            if interactive { throw ValidationError("'--interactive' takes no program.") }
        } else if check {
            throw ValidationError("'--check' needs a program to look at.")
        } else if !interactive, isatty(STDIN_FILENO) == 0 {
            input = .standardInput
        }
        var configuration = CommandConfiguration(input: input)
        configuration.arguments = arguments
        configuration.onlyChecks = check
        configuration.color = color
        if let dialect {
            do throws(DialectOption.UnknownOption) {
                configuration.dialect = try DialectOption.dialect(dialect)
            } catch {
                throw ValidationError("\(error)")
            }
        }
        configuration.limits = try limits()
        if profile || profileOutput != nil || profileFormat != nil {
            if input == .interactive { throw ValidationError("'--profile' needs a program.") }
            configuration.profile = CommandConfiguration.ProfileRequest(
                format: profileFormat ?? .table, path: profileOutput)
        }
        return configuration
    }

    private func inputAndArguments() throws -> (CommandConfiguration.Input, [String]) {
        var operands = self.operands
        if let code { return (.text(code), operands) }
        guard var first = operands.first else { return (.interactive, []) }
        operands.removeFirst()
        if first == "--" {
            guard let next = operands.first else { return (.interactive, []) }
            first = next
            operands.removeFirst()
        } else if first == "-" {
            return (.standardInput, operands)
        } else if ["-h", "--help"].contains(first) {
            // The parser leaves what comes after the options, even these, to the operands.
            throw CleanExit.helpRequest()
        } else if first == "--version" {
            throw CleanExit.message(CommandHelp.version)
        } else if first.hasPrefix("-") {
            throw ValidationError("Unknown option '\(first)'")
        }
        return (.file(first), operands)
    }

    private func limits() throws -> EvaluationLimits {
        var limits = EvaluationLimits()
        if let stepLimit {
            guard stepLimit >= 1 else {
                throw ValidationError("The value of '--limit-steps' must be at least 1.")
            }
            limits.steps = stepLimit
        }
        if let depthLimit {
            guard (1...StarlarkCommand.maximumDepth).contains(depthLimit) else {
                throw ValidationError(
                    "The value of '--limit-depth' must be from 1 to \(StarlarkCommand.maximumDepth)."
                )
            }
            limits.depth = depthLimit
        }
        limits.allocatedBytes = memoryLimit?.bytes
        return limits
    }
}

extension ByteCount: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

extension ColorChoice: ExpressibleByArgument {}

extension CommandConfiguration.ProfileFormat: ExpressibleByArgument {}
