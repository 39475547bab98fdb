import Bramble
import BrambleModel

/// Whoever hears of a build: the person at the terminal, and the files that were asked for.
struct BuildWatch: Sendable {
    private let reporter: BuildReporter
    private let files: ProgressFiles

    /// - Throws: `files` if a file cannot be written.
    init(
        _ console: Console, _ global: GlobalOptions, _ options: ProgressOptions
    ) throws(BrambleError) {
        files = try ProgressFiles(options)
        reporter = BuildReporter(console: console, mode: BuildReporter.Mode(global))
    }

    func take(_ event: BuildEvent) {
        reporter.take(event)
        files.take(event)
    }

    /// To be called once, before results are written.
    ///
    /// - Throws: `files` if a file is not complete.
    func finish(saysSummary: Bool = true) throws(BrambleError) {
        reporter.finish(saysSummary: saysSummary)
        try files.finish()
    }

    /// Runs a build, and ends the watch however that ends.
    func whole<Result>(
        _ body: (BuildWatch) throws(BrambleError) -> Result
    ) throws(BrambleError) -> Result {
        let result: Result
        do throws(BrambleError) {
            result = try body(self)
        } catch {
            // What went wrong with the build matters more than a file about it.
            try? finish()
            throw error
        }
        try finish()
        return result
    }
}
