import ArgumentParser
import SourceDiagnostics

/// A first argument that is no command; the parser itself would not say which one was meant.
struct UnknownCommand {
    let message: String
    let hint: String

    /// - Returns: nil if there is a command, or an option where it is expected.
    init?(_ shape: CommandLineShape) {
        guard shape.commands.isEmpty else { return nil }
        hint = "`bramble --help` lists the commands"
        guard let name = shape.rest.first else {
            guard !shape.leadingOptions.isEmpty else { return nil }
            message = "a command is missing"
            return
        }
        let names = BrambleCommand.configuration.subcommands.map { command in
            command.configuration.commandName ?? ""
        }
        guard !name.hasPrefix("-"), name != "help" else { return nil }
        let match = closestMatch(to: name, among: names)
        message = "`\(name)` is no command" + (match.map { " (did you mean `\($0)`?)" } ?? "")
    }
}
