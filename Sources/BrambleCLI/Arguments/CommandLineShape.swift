import ArgumentParser

/// The words of a command line: options that come first, the names of a command, the rest.
///
/// The argument parser wants options behind the command that has them. People also put those that
/// every command has in front, as with `git -C` and `make -C`.
struct CommandLineShape {
    /// `-C folder`, before the command.
    private(set) var leadingOptions: [String] = []
    /// `store`, `ls`.
    private(set) var commands: [String] = []
    private(set) var rest: ArraySlice<String>

    init(_ arguments: [String]) {
        rest = arguments[...]
        while let word = rest.first, let count = CommandLineShape.globalOption(word) {
            leadingOptions += rest.prefix(count)
            rest = rest.dropFirst(count)
        }
        var known = BrambleCommand.configuration.subcommands
        while let word = rest.first,
            let command = known.first(where: { $0.configuration.commandName == word })
        {
            commands.append(word)
            rest = rest.dropFirst()
            known = command.configuration.subcommands
        }
    }

    /// The words in the order that the parser takes. Without a command, as they were.
    var forParser: [String] {
        commands.isEmpty ? leadingOptions + rest : commands + leadingOptions + completed
    }

    /// The rest, with the values of options that may be given without one. The argument parser knows
    /// no such options.
    private var completed: [String] {
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        let values = CommandLineShape.usualValues[commands.joined(separator: " ")] ?? [:]
        return rest[..<end].map { values[$0] ?? $0 } + rest[end...]
    }

    /// By command and option: the option with the value that it has if none is given.
    private static let usualValues = ["build": ["--check": "--check=1"]]

    /// What explains the command that was meant.
    var helpCommand: String {
        (["bramble"] + commands + ["--help"]).joined(separator: " ")
    }

    /// How many words an option takes, itself included; nil if it is not one of `GlobalOptions`.
    private static func globalOption(_ word: String) -> Int? {
        switch word {
        case "-q", "--quiet", "-v", "--verbose": return 1
        case "-C", "-j", "--jobs", "--color": return 2
        default:
            let isJoined = ["-C", "-j", "--jobs=", "--color="].contains { word.hasPrefix($0) }
            return isJoined ? 1 : nil
        }
    }
}
