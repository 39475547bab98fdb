import ArgumentParser
import StarlarkConsole

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: .customShort("C", allowingJoined: true),
        help: .init("Work as if started in this directory.", valueName: "directory"))
    var directory: String?

    @Option(
        name: [.customShort("j", allowingJoined: true), .long],
        help: .init(
            "How much to do at once; by default as much as there are processors.",
            valueName: "count"))
    var jobs: Int?

    @Flag(name: .shortAndLong, help: "Say nothing but mistakes.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more about what is done.")
    var verbose = false

    @Option(name: .long, help: .init("Whether messages are coloured.", valueName: "when"))
    var color = ColorChoice.auto

    func validate() throws {
        if let jobs, jobs < 1 {
            throw ValidationError("The value of '--jobs' must be at least 1.")
        }
        if quiet && verbose {
            throw ValidationError("'--quiet' and '--verbose' exclude each other.")
        }
    }
}

extension ColorChoice: ExpressibleByArgument {}
