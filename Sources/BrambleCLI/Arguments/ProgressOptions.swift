import ArgumentParser

/// The options of commands that build: files to write what happens to.
struct ProgressOptions: ParsableArguments {
    @Option(
        help: .init("Write each event of the build to a file, as JSON lines.", valueName: "file"))
    var events: String?

    @Option(
        help: .init(
            "Write what ran when to a file, in the trace format of Chrome.", valueName: "file"))
    var trace: String?
}
