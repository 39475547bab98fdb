import Bramble
import SourceDiagnostics
import StarlarkConsole
import Synchronization

/// Where a command writes: results to standard output, all talk to standard error.
final class Console: Sendable {
    /// More than these are not read; one mistake often shows in many places.
    private static let maximumProblems = 20

    private let output: OutputStream
    /// Ctrl-C, for what can be cancelled.
    let interruption = Interruption()
    private let messages: OutputStream
    private let renderer: DiagnosticRenderer
    private let color: ColorChoice
    private let isQuiet: Bool
    /// The stores that commands have opened.
    private let stores = Mutex<[Store]>([])
    /// What is at the bottom of the terminal while something is built.
    private let live = Mutex<LiveConsole?>(nil)

    /// - Parameter isQuiet: Whether to leave out all talk but mistakes.
    init(
        color: ColorChoice, isQuiet: Bool, output: OutputStream = .standardOutput(),
        messages: OutputStream = .standardError()
    ) {
        var options = DiagnosticRenderer.Options()
        options.usesColor = color.usesColor(on: 2)
        renderer = DiagnosticRenderer(options: options)
        self.color = color
        self.isQuiet = isQuiet
        self.output = output
        self.messages = messages
    }

    /// Opens the user's store, until the command ends.
    ///
    /// - Parameter isToBeReindexed: Whether its index may be lost.
    func openStore(isToBeReindexed: Bool = false) throws(BrambleError) -> Store {
        let folder = try StandardFolders.store()
        guard isToBeReindexed else { return try openStore(in: folder) }
        return keep(try Store(reindexing: folder))
    }

    /// Opens the store in a folder, until the command ends.
    func openStore(in folder: String) throws(BrambleError) -> Store {
        keep(try Store(folder: folder))
    }

    private func keep(_ store: Store) -> Store {
        stores.withLock { $0.append(store) }
        return store
    }

    /// A part of the result.
    func write(_ text: String) {
        aboveLive(endsLine: !output.isTerminal || text.utf8.last == UInt8(ascii: "\n")) {
            output.write(text)
        }
    }

    /// A part of the result.
    func write(_ bytes: [UInt8]) {
        aboveLive(endsLine: !output.isTerminal || bytes.last == UInt8(ascii: "\n")) {
            output.write(bytes)
        }
    }

    /// Lets those see it who wait for it.
    func flush() { output.flush() }

    /// What a command has to say beside its result.
    func say(_ line: String) {
        if !isQuiet { writeMessage(line + "\n") }
    }

    /// What a project's files print, as soon as they were evaluated.
    func say(printedBy evaluation: Evaluation) {
        for message in evaluation.messages { say(message) }
    }

    /// Whole lines that somebody may wait for, whether or not talk is wanted.
    func report(progress lines: String) {
        writeMessage(lines)
        messages.flush()
    }

    func warn(_ message: String, hint: String? = nil) {
        if !isQuiet {
            writeMessage(renderer.render(message, severity: .warning, callStack: [], hint: hint))
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
        writeMessage(texts.joined(separator: "\n"))
    }

    /// Shows all that an error has to say.
    func report(_ error: BrambleError) { show(error.problems) }

    /// What a mistake on the command line looks like.
    func reportUsage(_ message: String, hint: String) {
        messages.write(renderer.render(message, callStack: [], hint: hint))
    }

    /// Keeps the lines at the bottom of the terminal, which standard error has to be, for what runs.
    ///
    /// - Parameter content: What is to be shown in an area of that size.
    func startLive(
        _ content: @escaping @Sendable (TerminalSize) -> LiveConsole.Content
    ) -> LiveConsole {
        let terminal = LiveConsole.Terminal(
            size: { [messages] in TerminalSize(of: messages.descriptor) }, write: messages.write,
            content: content)
        let new = LiveConsole(terminal)
        live.withLock { live in
            precondition(live == nil, "two builds draw on one terminal")
            live = new
        }
        return new
    }

    /// Gives back the lines at the bottom of the terminal.
    func endLive() {
        live.withLock(\.self)?.end()
        live.withLock { $0 = nil }
    }

    private func writeMessage(_ lines: String) {
        aboveLive(endsLine: true) { messages.write(lines) }
    }

    private func aboveLive(endsLine: Bool, _ write: () -> Void) {
        guard let live = live.withLock(\.self) else { return write() }
        live.above(endsLine: endsLine, write)
    }

    /// Runs what Ctrl-C is to end: once asks it to end, twice ends the process.
    func cancellable<Result>(
        _ body: (Cancellation) throws(BrambleError) -> Result
    ) throws(BrambleError) -> Result {
        let cancellation = Cancellation()
        interruption.begin { cancellation.cancel() }
        defer { interruption.end() }
        InterruptWatcher.start(
            { [interruption] in interruption.interrupt() },
            // What runs is shown no longer: nothing of it does.
            beforeTermination: { [self] in endLive() })
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

    /// Keeps something large until the process ends, which gives all memory back at once. To take it
    /// apart before takes as long as it took to put it together.
    func keep(_ value: some Sendable) { _ = Unmanaged.passRetained(Kept(value)) }

    /// Writes what is still in the buffers.
    ///
    /// - Returns: What the process is to end with, if `status` is what it would.
    func finish(_ status: ExitStatus) -> ExitStatus {
        output.flush()
        defer { messages.flush() }
        for store in stores.withLock({ $0 }) { store.close() }
        guard let failure = output.failure else { return status }
        if failure.isBrokenPipe { return .brokenPipe }
        messages.write(renderer.render("\(failure)", callStack: []))
        return .files
    }
}

private final class Kept<Value: Sendable>: Sendable {
    private let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
