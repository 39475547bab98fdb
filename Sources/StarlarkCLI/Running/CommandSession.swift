import Glibc
import SourceDiagnostics
import Starlark
import Synchronization

/// Does what the command line asks for.
final class CommandSession {
    private let configuration: CommandConfiguration
    private let standardOutput = OutputStream.standardOutput()
    private let reporter: ErrorReporter
    private let interruption = Interruption()

    init(_ configuration: CommandConfiguration) {
        self.configuration = configuration
        reporter = ErrorReporter(color: configuration.color, standardError: .standardError())
    }

    func run() -> ExitStatus {
        let status: ExitStatus
        do {
            let (file, identity) = try readInput()
            try run(file, identity)
            status = .success
        } catch {
            standardOutput.flush()
            if isOutputFailure(error) { return outputFailure() }
            status = reporter.report(error)
        }
        standardOutput.flush()
        return standardOutput.failure == nil ? status : outputFailure()
    }

    private func readInput() throws(FileFailure) -> (SourceFile, SourceReader.FileIdentity?) {
        switch configuration.input {
        case .file(let path):
            let contents = try SourceReader.read(path)
            return (SourceFile(name: path, bytes: contents.bytes), contents.identity)
        case .standardInput, .interactive:
            let contents = try SourceReader.read(STDIN_FILENO, object: "standard input")
            return (SourceFile(name: "<stdin>", bytes: contents.bytes), nil)
        case .text(let text):
            return (SourceFile(name: "<command>", text: text), nil)
        }
    }

    private func run(_ file: SourceFile, _ identity: SourceReader.FileIdentity?) throws {
        let standardOutput = standardOutput
        let interruption = interruption
        let options = FileModules.Options(
            dialect: configuration.dialect ?? .standard, limits: configuration.limits,
            environment: CommandEnvironment.make(arguments: configuration.arguments),
            print: { line in
                standardOutput.write(line)
                standardOutput.write("\n")
                if standardOutput.failure != nil { interruption.cancel() }
            },
            willRun: { interruption.add($0.cancellation) })
        let modules = FileModules(options: options)
        let program = try modules.compile(file)
        if configuration.onlyChecks { return }
        InterruptWatcher.start { interruption.interrupt() }
        _ = try modules.run(program, identity: identity)
    }

    // MARK: Standard output

    /// Whether a program was only cancelled because what it prints can't be written.
    private func isOutputFailure(_ error: any Error) -> Bool {
        guard standardOutput.failure != nil, let error = error as? EvaluationError else {
            return false
        }
        return error.kind == .cancelled
    }

    private func outputFailure() -> ExitStatus {
        guard let failure = standardOutput.failure else { return .success }
        if failure.number == EPIPE { return .brokenPipe }
        return reporter.report(failure)
    }
}

/// Ctrl-C: cancels what runs; the second time, ends the process.
private final class Interruption: Sendable {
    private let state = Mutex<(flags: [CancellationFlag], isCancelled: Bool)>(([], false))

    /// Makes the flag of an evaluator one of those that are raised.
    func add(_ flag: CancellationFlag) {
        state.withLock { state in
            state.flags.append(flag)
            if state.isCancelled { flag.cancel() }
        }
    }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            for flag in state.flags { flag.cancel() }
        }
    }

    /// What the user does.
    func interrupt() {
        // A program that does not heed the first Ctrl-C sits in a builtin for longer than one waits.
        if state.withLock(\.isCancelled) { _exit(ExitStatus.interrupted.rawValue) }
        cancel()
    }
}
