import ArgumentParser
import SourceDiagnostics

/// A first argument that is no command; the parser itself would not say which one was meant.
struct UnknownCommand {
    let message: String
    let hint: String

    /// - Returns: nil if there is a command, or an option where it is expected.
    init?(_ shape: CommandLineShape) {
        guard shape.commands.isEmpty else { return nil }
        hint = UnknownCommand.hint
        guard let name = shape.rest.first else {
            guard !shape.leadingOptions.isEmpty else { return nil }
            message = "a command is missing"
            return
        }
        guard !name.hasPrefix("-"), name != "help" else { return nil }
        message = UnknownCommand.message(name, BrambleCommand.configuration.subcommands)
    }

    /// What `bramble help …` asks about, if that is no command: the parser would explain another one.
    ///
    /// - Returns: nil if no help is asked for, or there is such a command.
    init?(helpOn shape: CommandLineShape) {
        guard shape.commands.isEmpty, shape.rest.first == "help" else { return nil }
        var known = BrambleCommand.configuration.subcommands
        for word in shape.rest.dropFirst() {
            if word.hasPrefix("-") { return nil }
            guard let command = known.first(where: { $0.configuration.commandName == word }) else {
                hint = UnknownCommand.hint
                message = UnknownCommand.message(word, known)
                return
            }
            known = command.configuration.subcommands
        }
        return nil
    }

    private static let hint = "`bramble --help` lists the commands"

    private static func message(_ name: String, _ known: [any ParsableCommand.Type]) -> String {
        let match = closestMatch(
            to: name, among: known.compactMap { $0.configuration.commandName })
        return "`\(name)` is no command" + (match.map { " (did you mean `\($0)`?)" } ?? "")
    }
}
