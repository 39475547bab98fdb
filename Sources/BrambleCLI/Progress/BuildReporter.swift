import BrambleModel
import Glibc
import StarlarkConsole

/// Tells a person about a build: hand it the events, from any thread, and say when the build is over.
///
/// On a terminal the lines at the bottom show what runs, and are redrawn by a thread of their own: a
/// sender of events waits for nobody. Elsewhere each event that matters is a line, and is written by
/// its sender.
///
/// ```swift
/// let reporter = BuildReporter(console: console, mode: .init(global))
/// defer { reporter.finish() }
/// try build(observer: reporter.take)
/// ```
final class BuildReporter: Sendable {
    /// How a build is shown.
    struct Mode: Sendable {
        var isLive: Bool
        /// Whether to show failures only.
        var isQuiet: Bool
        /// Whether to show logs as they come.
        var isVerbose: Bool
        var usesColor: Bool
    }

    private let console: Console
    private let mode: Mode
    private let board: ProgressBoard
    /// nil where events are written as they come.
    private let live: (console: LiveConsole, ticker: Ticker)?

    /// - Parameter now: Since the build began.
    init(
        console: Console, mode: Mode,
        now: @escaping @Sendable () -> Duration = BuildReporter.stopwatch()
    ) {
        self.console = console
        self.mode = mode
        let board = ProgressBoard(
            lines: EventLines(
                showsBeginnings: !mode.isLive, isQuiet: mode.isQuiet, isVerbose: mode.isVerbose,
                usesColor: mode.usesColor),
            now: now)
        self.board = board
        live = mode.isLive ? BuildReporter.start(board, console, mode) : nil
    }

    /// - Returns: nil if there can be no thread that draws.
    private static func start(
        _ board: ProgressBoard, _ console: Console, _ mode: Mode
    ) -> (console: LiveConsole, ticker: Ticker)? {
        let frame = ProgressFrame(usesColor: mode.usesColor)
        let live = console.startLive { size in
            let (text, progress, now) = board.read()
            return .init(text: text, lines: frame.render(progress, size: size, now: now))
        }
        guard let ticker = Ticker(every: LiveConsole.interval, live.draw) else {
            console.endLive()
            return nil
        }
        return (live, ticker)
    }

    /// A clock that begins now.
    static func stopwatch() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    /// Shows an event, sooner or later.
    func take(_ event: BuildEvent) {
        board.take(event, write: live == nil ? { [console] in console.report(progress: $0) } : nil)
    }

    /// Ends the live lines. To be called once, when there are no more events, before results are
    /// written.
    ///
    /// - Parameter saysSummary: Whether to say how the build ended, unless only failures are shown.
    ///   Of a build without events nothing is said: there was no need for one.
    func finish(saysSummary: Bool = true) {
        live?.ticker.stop()
        if live != nil { console.endLive() }
        guard saysSummary, !mode.isQuiet else { return }
        let (_, progress, now) = board.read()
        if let summary = progress.summary {
            console.report(progress: summary.text + "\n")
        } else if progress.counts.total > 0 {
            let summary = BuildSummary(progress.counts, at: now)
            console.report(progress: summary.stoppedText + "\n")
        }
    }
}

extension BuildReporter.Mode {
    /// What the command line and standard error allow.
    init(_ global: GlobalOptions) {
        self.init(
            isLive: !global.quiet && TerminalSize.canDraw(on: STDERR_FILENO),
            isQuiet: global.quiet, isVerbose: global.verbose,
            usesColor: global.color.usesColor(on: STDERR_FILENO))
    }
}
