import ArgumentParser
import Bramble
import BrambleRemote
import Glibc
import SourceDiagnostics
import StarlarkConsole

/// Where the process begins.
@main enum BrambleMain {
    static func main() {
        run(Array(CommandLine.arguments.dropFirst())).leave()
    }

    private static func run(_ arguments: [String]) -> ExitStatus {
        if arguments == [ActionHelper.argument] { return RemoteAction.run() }
        let shape = CommandLineShape(arguments)
        if let problem = UnknownCommand(helpOn: shape) {
            let console = Console(color: .auto, isQuiet: false)
            console.reportUsage(problem.message, hint: problem.hint)
            return console.finish(.usage)
        }
        let command: any Subcommand
        do {
            var parsed = try BrambleCommand.parseAsRoot(shape.forParser)
            guard let subcommand = parsed as? any Subcommand else {
                // `bramble`, a group of commands, or a call for help: each answers by an error.
                try parsed.run()
                return .success
            }
            command = subcommand
        } catch {
            return answer(error, to: shape)
        }
        let console = Console(color: command.global.color, isQuiet: command.global.quiet)
        return console.finish(run(command, console))
    }

    private static func run(_ command: any Subcommand, _ console: Console) -> ExitStatus {
        do {
            if let directory = command.global.directory {
                try WorkingDirectory.change(to: directory)
            }
            return try command.run(console)
        } catch let error as BrambleError {
            console.report(error)
            return ExitStatus(error.kind)
        } catch {
            preconditionFailure("no message for \(error)")
        }
    }

    /// Help and versions are asked for by errors too, as the argument parser has it.
    private static func answer(_ error: any Error, to shape: CommandLineShape) -> ExitStatus {
        let console = Console(color: .auto, isQuiet: false)
        if BrambleCommand.exitCode(for: error).isSuccess {
            console.write(BrambleCommand.fullMessage(for: error) + "\n")
            return console.finish(.success)
        }
        if let problem = UnknownCommand(shape) {
            console.reportUsage(problem.message, hint: problem.hint)
        } else {
            console.reportUsage(
                BrambleCommand.message(for: error),
                hint: "`\(shape.helpCommand)` explains it")
        }
        return console.finish(.usage)
    }
}
