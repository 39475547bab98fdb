import Glibc
import SourceDiagnostics
import Starlark

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
        var status = ExitStatus.success
        do {
            if configuration.input == .interactive {
                try interact()
            } else {
                try runProgram()
            }
        } catch {
            standardOutput.flush()
            if isOutputFailure(error) { return outputFailure() }
            status = reporter.report(error)
        }
        standardOutput.flush()
        return standardOutput.failure == nil ? status : outputFailure()
    }

    private func runProgram() throws {
        let (file, identity) = try readInput()
        let modules = try makeModules(dialect: configuration.dialect ?? .standard)
        let program = try modules.compile(file)
        if configuration.onlyChecks { return }
        interruption.begin()
        defer { interruption.end() }
        InterruptWatcher.start { [interruption] in interruption.interrupt() }
        _ = try modules.run(program, identity: identity)
    }

    private func interact() throws {
        var dialect = configuration.dialect ?? .standard
        // What is typed at the prompt is the top level of a file that is never finished.
        dialect.allowsTopLevelControl = true
        dialect.loadBindsGlobally = true
        let modules = try makeModules(dialect: configuration.dialect ?? .standard)
        let environment = try CommandEnvironment.make(arguments: configuration.arguments)
        let session = InteractiveSession(
            environment: environment, dialect: dialect, limits: configuration.limits)
        modules.prepare(session.evaluator, folder: "")
        InterruptWatcher.start { [interruption] in interruption.interrupt() }
        var loop = InteractiveLoop(
            session: session, environment: environment, standardOutput: standardOutput,
            reporter: reporter, interruption: interruption)
        loop.run()
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

    private func makeModules(dialect: Dialect) throws -> FileModules {
        let standardOutput = standardOutput
        let interruption = interruption
        return FileModules(
            options: FileModules.Options(
                dialect: dialect, limits: configuration.limits,
                environment: try CommandEnvironment.make(arguments: configuration.arguments),
                print: { line in
                    standardOutput.write(line)
                    standardOutput.write("\n")
                    if standardOutput.failure != nil { interruption.cancel() }
                },
                willRun: { interruption.add($0.cancellation) }))
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
