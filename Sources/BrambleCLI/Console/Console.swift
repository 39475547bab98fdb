import Bramble
import SourceDiagnostics
import StarlarkConsole

/// Where a command writes: results to standard output, all talk to standard error.
final class Console: Sendable {
    /// More than these are not read; one mistake often shows in many places.
    private static let maximumProblems = 20

    private let output = OutputStream.standardOutput()
    /// Ctrl-C, for what can be cancelled.
    let interruption = Interruption()
    private let messages = OutputStream.standardError()
    private let renderer: DiagnosticRenderer
    private let color: ColorChoice
    private let isQuiet: Bool

    /// - Parameter isQuiet: Whether to leave out all talk but mistakes.
    init(color: ColorChoice, isQuiet: Bool) {
        var options = DiagnosticRenderer.Options()
        options.usesColor = color.usesColor(on: 2)
        renderer = DiagnosticRenderer(options: options)
        self.color = color
        self.isQuiet = isQuiet
    }

    /// A part of the result.
    func write(_ text: String) { output.write(text) }

    /// A part of the result.
    func write(_ bytes: [UInt8]) { output.write(bytes) }

    /// What a command has to say beside its result.
    func say(_ line: String) {
        if !isQuiet { messages.write(line + "\n") }
    }

    func warn(_ message: String, hint: String? = nil) {
        if !isQuiet {
            messages.write(renderer.render(message, severity: .warning, callStack: [], hint: hint))
        }
    }

    /// Mistakes and warnings with their excerpts, a blank line between them.
    func show(_ problems: [BrambleError.Problem]) {
        var texts = problems.prefix(Console.maximumProblems).map { problem in
            switch problem {
            case .diagnostic(let diagnostic): renderer.render(diagnostic)
            case .message(let message, let callStack, let hint):
                renderer.render(message, callStack: callStack, hint: hint)
            }
        }
        let omitted = problems.count - texts.count
        if omitted > 0 { texts.append("… and \(omitted) more\n") }
        output.flush()
        messages.write(texts.joined(separator: "\n"))
    }

    /// Shows all that an error has to say.
    func report(_ error: BrambleError) { show(error.problems) }

    /// What a mistake on the command line looks like.
    func reportUsage(_ message: String, hint: String) {
        messages.write(renderer.render(message, callStack: [], hint: hint))
    }

    /// Runs what Ctrl-C is to end: once asks it to end, twice ends the process.
    func cancellable<Result>(
        _ body: (Cancellation) throws(BrambleError) -> Result
    ) throws(BrambleError) -> Result {
        let cancellation = Cancellation()
        interruption.begin { cancellation.cancel() }
        defer { interruption.end() }
        InterruptWatcher.start { [interruption] in interruption.interrupt() }
        return try body(cancellation)
    }

    /// Lets a person type, until the input ends.
    func interact(with session: Workspace.Session) {
        InterruptWatcher.start { [interruption] in interruption.interrupt() }
        var loop = InteractiveLoop(
            name: "bramble", version: "bramble " + BrambleVersion.current,
            session: session.session, environment: session.environment, standardOutput: output,
            reporter: ErrorReporter(color: color, standardError: messages),
            interruption: interruption)
        loop.run()
    }

    /// Writes what is still in the buffers.
    ///
    /// - Returns: What the process is to end with, if `status` is what it would.
    func finish(_ status: ExitStatus) -> ExitStatus {
        output.flush()
        defer { messages.flush() }
        guard let failure = output.failure else { return status }
        if failure.isBrokenPipe { return .brokenPipe }
        messages.write(renderer.render("\(failure)", callStack: []))
        return .files
    }
}
