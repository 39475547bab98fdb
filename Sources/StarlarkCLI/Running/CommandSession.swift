import Glibc
import SourceDiagnostics
import Starlark
import StarlarkConsole

/// Does what the command line asks for.
final class CommandSession: Sendable {
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
        let modules = try readInput()
        let environment = try CommandEnvironment.make(arguments: configuration.arguments)
        if configuration.onlyChecks {
            _ = try Program.compile(
                modules.main, dialect: fileDialect, predeclared: environment.names)
            return
        }
        interruption.begin()
        defer { interruption.end() }
        InterruptWatcher.start { [interruption] in interruption.interrupt() }
        guard let request = configuration.profile else {
            _ = try makeLoader(modules, environment).module(modules.main.name)
            return
        }
        let profiler = Profiler(clock: { MonotonicClock.nanoseconds })
        // A program that fails has a profile all the same.
        let outcome = Result {
            try makeLoader(modules, environment, profiler).module(modules.main.name)
        }
        standardOutput.flush()
        try ProfileReport(profiler.profile(), request.format).write(to: request.path)
        _ = try outcome.get()
    }

    private func interact() throws {
        var dialect = fileDialect
        // What is typed at the prompt is the top level of a file that is never finished.
        dialect.allowsTopLevelControl = true
        dialect.loadBindsGlobally = true
        let environment = try CommandEnvironment.make(arguments: configuration.arguments)
        let session = InteractiveSession(
            environment: environment, dialect: dialect, limits: configuration.limits)
        session.evaluator.setPrintHandler(print)
        session.evaluator.setLoadHandler { [self] name in
            // Anew each time: whoever loads a file again at the prompt has changed it.
            let modules = FileModules(main: SourceFile(name: "<input>", text: ""), identity: nil)
            return try makeLoader(modules, environment)
                .module(try modules.resolve(name, modules.main.name))
        }
        InterruptWatcher.start { [interruption] in interruption.interrupt() }
        var loop = InteractiveLoop(
            name: "starlark", version: CommandHelp.version, session: session,
            environment: environment, standardOutput: standardOutput, reporter: reporter,
            interruption: interruption)
        loop.run()
    }

    private func readInput() throws(FileFailure) -> FileModules {
        switch configuration.input {
        case .file(let path):
            let contents = try SourceReader.read(path)
            let file = SourceFile(name: path, bytes: contents.bytes)
            return FileModules(main: file, identity: contents.identity)
        case .standardInput, .interactive:
            let contents = try SourceReader.read(STDIN_FILENO, object: "standard input")
            let file = SourceFile(name: "<stdin>", bytes: contents.bytes)
            return FileModules(main: file, identity: nil)
        case .text(let text):
            return FileModules(main: SourceFile(name: "<command>", text: text), identity: nil)
        }
    }

    /// The dialect of files.
    private var fileDialect: Dialect { configuration.dialect ?? .standard }

    private func makeLoader(
        _ modules: FileModules, _ environment: Environment, _ profiler: Profiler? = nil
    ) -> ModuleLoader {
        var options = ModuleLoader.Options()
        options.dialect = fileDialect
        options.limits = configuration.limits
        options.resolve = { try modules.resolve($0, $1) }
        options.print = { [self] line, _ in print(line) }
        options.profiler = profiler
        options.prepare = { [interruption] in
            interruption.add($0.cancellation)
            ExecutablePages.giveBack()
        }
        return ModuleLoader(environment: environment, options: options) {
            try modules.source($0)
        }
    }

    @Sendable private func print(_ line: String) {
        standardOutput.write(line)
        standardOutput.write("\n")
        if standardOutput.failure != nil { interruption.cancel() }
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
        if failure.isBrokenPipe { return .brokenPipe }
        return reporter.report(failure)
    }
}
