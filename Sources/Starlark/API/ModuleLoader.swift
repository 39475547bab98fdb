public import SourceDiagnostics

/// Evaluates modules by name, each once, and the modules that they load.
///
/// Where the text of a module comes from is for the host to say. Several threads may ask for
/// modules at the same time: those that do not depend on one another are evaluated in parallel, and
/// who asks for one that another thread is evaluating waits. An error is kept like a module.
///
/// ```swift
/// let loader = ModuleLoader(environment: environment) { name in
///     SourceFile(name: name, bytes: try read(name))
/// }
/// let module = try loader.module("main.star")
/// ```
public final class ModuleLoader: Sendable {
    /// How modules are compiled and run.
    public struct Options: Sendable {
        /// The dialect of all modules.
        public var dialect = Dialect.standard
        /// The limits of the evaluation of each module.
        public var limits = EvaluationLimits()
        /// The name of the module that `load(name, …)` in the module `importer` means. By default
        /// the name as it stands.
        public var resolve: @Sendable (_ name: String, _ importer: String) throws -> String = {
            name, _ in name
        }
        /// Where `print` goes, with the name of the module that prints.
        public var print: @Sendable (_ line: String, _ module: String) -> Void = { _, _ in }
        /// Measures the modules, which should not run in parallel then.
        public var profiler: Profiler?
        /// Is handed the evaluator of each module, whose handlers are set, before it runs: to keep its
        /// cancellation flag, for example.
        public var prepare: @Sendable (_ evaluator: Evaluator) -> Void = { _ in }

        /// Options that can be changed one by one.
        public init() {}
    }

    /// Modules load one another in a circle.
    public struct Cycle: Error, Sendable, Hashable, CustomStringConvertible {
        /// The names of the modules, each of which loads the next; the last is the first again.
        public let path: [String]

        public var description: String { "cycle of loads: \(path.joined(separator: " -> "))" }
    }

    private let environment: Environment
    private let options: Options
    private let source: @Sendable (String) throws -> SourceFile
    private let progress = LoadProgress()

    /// Modules may load modules that load modules and so on, up to this depth: each takes native
    /// stack.
    static let maximumDepth = 100

    /// - Parameters:
    ///   - environment: the names that all modules see.
    ///   - source: the text of a module.
    public init(
        environment: Environment = Environment(), options: Options = Options(),
        source: @escaping @Sendable (String) throws -> SourceFile
    ) {
        self.environment = environment
        self.options = options
        self.source = source
    }

    /// The module of a name, evaluated if nobody has asked for it before. Blocks while another
    /// thread evaluates it.
    ///
    /// - Throws: `SyntaxErrors`, `EvaluationError`, `Cycle`, and what `source` and `resolve` throw.
    public func module(_ name: String) throws -> Module {
        try module(name, for: nil, depth: 1)
    }

    private func module(_ name: String, for importer: String?, depth: Int) throws -> Module {
        switch progress.begin(name, for: importer) {
        case .done(let outcome): return try outcome.get()
        case .cycle(let path): throw Cycle(path: path)
        case .evaluate:
            // Not `Result(catching:)`, whose closure would be another level on the stack.
            let outcome: LoadProgress.Outcome
            do {
                outcome = .success(try evaluate(name, depth: depth))
            } catch {
                outcome = .failure(error)
            }
            progress.finish(name, outcome, for: importer)
            return try outcome.get()
        }
    }

    private func evaluate(_ name: String, depth: Int) throws -> Module {
        guard depth <= ModuleLoader.maximumDepth else {
            throw EvaluationError("loads nested too deeply: more than \(ModuleLoader.maximumDepth)")
        }
        let program = try Program.compile(
            try source(name), dialect: options.dialect, predeclared: environment.names,
            forProfiling: options.profiler != nil)
        let evaluator = Evaluator(limits: options.limits)
        evaluator.setLoadHandler { [self] loaded in
            try module(try options.resolve(loaded, name), for: name, depth: depth + 1)
        }
        evaluator.setPrintHandler { [options] in options.print($0, name) }
        if let profiler = options.profiler { evaluator.setProfiler(profiler) }
        options.prepare(evaluator)
        return try evaluator.run(program, environment: environment)
    }
}
