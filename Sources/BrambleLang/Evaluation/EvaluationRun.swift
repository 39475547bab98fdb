import BrambleModel
import SourceDiagnostics
import Starlark

/// Runs modules that were read, in the order of their loads, and calls functions of them.
///
/// Each module and each call is a piece of work for one of the threads, with an evaluator of its
/// own. Modules come first; a call depends on its module, a module on those it loads.
struct EvaluationRun: Sendable {
    private let modules: [ReadModule]
    private let calls: [FunctionCall]
    private let requests: [EvaluationRequest]
    private let numbers: [ModuleName: Int]
    private let provider: any ModuleProvider
    private let options: EvaluationOptions
    private let environment: Environment
    private let cancellation: EvaluationCancellation
    private let output: OrderedOutput
    private let outcomes: Monitor<[Outcome]>

    /// A function to call, without arguments.
    struct FunctionCall: Sendable {
        /// The number of the module.
        let module: Int
        let function: ModuleListing.Function
    }

    /// What came of a piece of work.
    enum Outcome: Sendable {
        case none
        case module(Module)
        case result(CallResult)
        case failure(EvaluationError)
        /// A module it depends on has failed.
        case skipped
    }

    /// - Parameter modules: Each behind those it loads, all without errors.
    init(
        modules: [ReadModule], requests: [EvaluationRequest], provider: any ModuleProvider,
        options: EvaluationOptions, cancellation: EvaluationCancellation,
        printHandler: @escaping @Sendable (String) -> Void
    ) {
        self.modules = modules
        self.requests = requests
        self.provider = provider
        self.options = options
        self.cancellation = cancellation
        let numbers = Dictionary(
            uniqueKeysWithValues: modules.enumerated().map { ($1.name, $0) })
        self.numbers = numbers
        calls = requests.flatMap { request -> [FunctionCall] in
            guard let number = numbers[request.module] else { return [] }
            return modules[number].listing.functions(request.functions).map {
                FunctionCall(module: number, function: $0)
            }
        }
        environment = Predeclared.environment(options)
        let pieces = modules.count + calls.count
        output = OrderedOutput(pieces: pieces, handler: printHandler)
        outcomes = Monitor(Array(repeating: .none, count: pieces))
    }

    func run() throws -> EvaluationOutput { try collect(execute()) }

    /// Runs the modules alone.
    func load() throws -> [ModuleName: Module] {
        let outcomes = try execute()
        try check(outcomes)
        var loaded: [ModuleName: Module] = [:]
        for case (let module, .module(let value)) in zip(modules, outcomes) {
            loaded[module.name] = value
        }
        return loaded
    }

    private func execute() throws -> [Outcome] {
        let names = Dictionary(
            uniqueKeysWithValues: modules.map { (ObjectIdentifier($0.file), $0.name) })
        OrderedWork(dependencies: dependencies).run(
            threads: options.threads,
            makeWorker: {
                EvaluationWorker(
                    EvaluationState(provider: provider, options: options, modules: names),
                    cancellation)
            },
            { piece, worker in
                let outcome = outcome(of: piece, worker)
                outcomes.update { $0[piece] = outcome }
                output.finish(piece)
            })
        if cancellation.isCancelled { throw CancellationError() }
        return outcomes.update { $0 }
    }

    private var dependencies: [[Int]] {
        let loads = modules.map { module in
            module.loads.compactMap { load in load.module.flatMap { numbers[$0] } }
        }
        return loads + calls.map { [$0.module] }
    }

    // MARK: Pieces of work

    private func outcome(of piece: Int, _ worker: EvaluationWorker) -> Outcome {
        if cancellation.isCancelled { return .skipped }
        worker.setPrintHandler { [output] in output.print($0, from: piece) }
        do throws(EvaluationError) {
            guard piece < modules.count else {
                let call = calls[piece - modules.count]
                guard let module = loaded(call.module) else { return .skipped }
                return .result(
                    try worker.call(call.function, of: module, modules[call.module]))
            }
            var loads: [String: Module] = [:]
            for load in modules[piece].loads {
                guard let number = load.module.flatMap({ numbers[$0] }),
                    let module = loaded(number)
                else { return .skipped }
                loads[load.text] = module
            }
            guard let program = modules[piece].program else { return .skipped }
            return .module(try worker.load(program, environment, loads))
        } catch {
            return .failure(error)
        }
    }

    private func loaded(_ number: Int) -> Module? {
        outcomes.update { outcomes in
            if case .module(let module) = outcomes[number] { module } else { nil }
        }
    }

    // MARK: Putting together

    /// - Throws: All that failed.
    private func check(_ outcomes: [Outcome]) throws(EvaluationErrors) {
        let faults = outcomes.enumerated().compactMap { piece, outcome -> EvaluationFault? in
            guard case .failure(var error) = outcome else { return nil }
            if piece < modules.count { error.callStack = loads(leadingTo: piece) + error.callStack }
            return EvaluationFault(error)
        }
        if !faults.isEmpty { throw EvaluationErrors(faults) }
    }

    /// The `load` statements by which a module that was asked for comes to load another one, as few as
    /// there can be.
    private func loads(leadingTo failed: Int) -> [CallFrame] {
        var roots = requests.compactMap { numbers[$0.module] }
        // A module is loaded for its own sake where nothing is called; it comes last.
        if roots.isEmpty { roots = [modules.count - 1] }
        var ways: [Int: (from: Int, load: ReadModule.Load)?] = [:]
        for root in roots { ways[root] = .some(nil) }
        var next = roots[...]
        while ways[failed] == nil, let number = next.popFirst() {
            for load in modules[number].loads {
                guard let target = load.module.flatMap({ numbers[$0] }), ways[target] == nil else {
                    continue
                }
                ways[target] = (number, load)
                next.append(target)
            }
        }
        var frames: [CallFrame] = []
        var number = failed
        while case .some(.some(let way)) = ways[number] {
            frames.append(
                CallFrame(
                    function: "<toplevel>", file: modules[way.from].file, span: way.load.span))
            number = way.from
        }
        return frames.reversed()
    }

    private func collect(_ outcomes: [Outcome]) throws -> EvaluationOutput {
        try check(outcomes)
        var derivations: [Derivation] = []
        var roots: [DerivationHash] = []
        var functions: [ModuleOutput.Function] = []
        for case .result(let result) in outcomes {
            derivations += result.derivations
            roots += result.roots
            functions.append(result.function)
        }
        // Calls may have made the same ones.
        let graph = try DerivationGraph(derivations, roots: roots)
        if graph.derivations.count > options.limits.derivations {
            throw EvaluationErrors([
                .limit(
                    message: "more than \(options.limits.derivations) derivations", hint: nil,
                    callStack: [])
            ])
        }
        return try EvaluationOutput(graph: graph, modules: moduleOutputs(functions))
    }

    private func moduleOutputs(_ functions: [ModuleOutput.Function]) -> [ModuleOutput] {
        var rest = functions[...]
        return requests.map { request in
            let count = numbers[request.module].map {
                modules[$0].listing.functions(request.functions).count
            }
            defer { rest = rest.dropFirst(count ?? 0) }
            return ModuleOutput(
                module: request.module.description, functions: Array(rest.prefix(count ?? 0)))
        }
    }
}

extension ModuleListing {
    /// The functions that a request means; those it names exist.
    fileprivate func functions(_ wanted: EvaluationRequest.Functions) -> [Function] {
        switch wanted {
        case .all: targets
        case .named(let names): names.compactMap { self[$0] }
        }
    }
}
