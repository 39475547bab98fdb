import ArgumentParser

/// `bramble completions SHELL`
struct CompletionsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a script that teaches a shell to complete `bramble`.",
        discussion: """
            bash:  bramble completions bash > ~/.local/share/bash-completion/completions/bramble
            zsh:   bramble completions zsh > FOLDER/_bramble, where FOLDER is in $fpath
            fish:  bramble completions fish > ~/.config/fish/completions/bramble.fish
            """)

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var forParser: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The shell.")
    var shell: Shell

    func run(_ console: Console) throws -> ExitStatus {
        console.write(BrambleCommand.completionScript(for: shell.forParser))
        return .success
    }
}
