import ArgumentParser

/// A command below `bramble`: what it is given, and what it does.
protocol Subcommand: ParsableCommand {
    var global: GlobalOptions { get }

    /// Does it. Results go to the console's output; nothing is written elsewhere.
    ///
    /// - Throws: `BrambleError`.
    func run(_ console: Console) throws -> ExitStatus
}
