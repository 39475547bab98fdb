public import SourceDiagnostics

/// Runs programs, one after the other, on one thread at a time.
///
/// An evaluator has a heap and a stack of its own. Modules that it returns are frozen: other
/// evaluators, on other threads, may use them at the same time. After an error it is as good as
/// before.
public final class Evaluator {
    /// Ends the evaluation that is running, or the next one, from any thread.
    public let cancellation: CancellationFlag

    let context: EvaluationContext
    let machine: Machine
    private let frames: UnsafeMutablePointer<Frame>
    private let stack: UnsafeMutablePointer<Value>

    /// An evaluator whose every evaluation (`run`, `call`, `evaluate`) is within the limits.
    public init(limits: EvaluationLimits = EvaluationLimits()) {
        cancellation = CancellationFlag()
        let live = LiveHeap()
        context = EvaluationContext(
            token: live, limits: limits, cancellation: cancellation,
            printHandler: { _ in })
        stack = Arena.zeroedMemory(Evaluator.stackBytes)
            .assumingMemoryBound(to: Value.self)
        let depth = min(max(limits.depth, 1), EvaluationLimits.maximumDepth)
        frames = .allocate(capacity: depth)
        let state = UnsafeMutablePointer<MachineState>.allocate(capacity: 1)
        let methods = MethodTable.shared
        state.initialize(
            to: MachineState(
                arena: live.heap.arena, stack: stack, stackLimit: stack,
                stackEnd: stack + MachineState.stackSize, scratchEnd: stack, frames: frames,
                maximumDepth: depth, methods: methods.entries, methodCount: methods.count,
                appendMethod: methods.append,
                context: .passUnretained(context)))
        machine = Machine(state: state)
        let arena = live.heap.arena.state
        arena.pointee.machine = state
        arena.pointee.collectionThreshold = Machine.initialCollectionThreshold
        arena.pointee.allocationLimit = limits.allocatedBytes ?? Int.max
    }

    deinit {
        machine.arena.state.pointee.machine = nil
        machine.state.deallocate()
        frames.deallocate()
        Arena.freeZeroedMemory(stack, Evaluator.stackBytes)
    }

    private static let stackBytes = MachineState.stackSize * MemoryLayout<Value>.stride

    /// What `load` statements get. Without a handler `load` is an error.
    ///
    /// The handler is called on the evaluating thread. It finds the module in a cache or evaluates
    /// it with another evaluator; it is also the place to detect cycles. `ModuleLoader` does all
    /// that.
    public func setLoadHandler(_ handler: @escaping (String) throws -> Module) {
        context.loadHandler = handler
    }

    /// Where `print` goes: one call for each, without a line end. Invalid UTF-8 is repaired.
    public func setPrintHandler(_ handler: @escaping (String) -> Void) {
        context.printHandler = { handler(String(decoding: $0, as: UTF8.self)) }
    }

    /// What host functions find as `CallContext.hostState`: an object of the host's own that is
    /// different for each evaluator, while an environment is the same for many.
    public var hostState: AnyObject? {
        get { context.hostState }
        set { context.hostState = newValue }
    }

    /// The steps (backward jumps and calls) that the last evaluation took, or the running one so
    /// far.
    public var steps: Int { context.steps(machine.state) }

    // MARK: Evaluations

    /// Runs a program's top level and freezes what it defines.
    ///
    /// - Throws: `EvaluationError`.
    public func run(
        _ program: Program, environment: Environment = Environment()
    ) throws(EvaluationError) -> Module {
        try evaluation { () throws(Failure) in
            let globals = try start(program) { name in environment.values[name]?.value }
            defer { context.liveGlobals.removeAll { $0 === globals } }
            _ = try execute(globals)
            return try freeze(globals)
        }
    }

    /// Calls a function or another callable value. The result belongs to this evaluator.
    ///
    /// - Throws: `EvaluationError`, or what the conversion of an argument throws.
    public func call(
        _ function: StarlarkValue, _ arguments: any StarlarkConvertible...,
        keywords: KeyValuePairs<String, any StarlarkConvertible> = [:]
    ) throws -> StarlarkValue {
        // The token must not be held while the function runs: that would keep the collector away.
        let prepared = try prepare(function, arguments, keywords)
        return try evaluation { () throws(Failure) in
            StarlarkValue(try prepared.run(machine), .live(context.token))
        }
    }

    /// Conversions may run host code, and that may run an evaluation, under which the words of the
    /// arguments must not move.
    private func prepare(
        _ function: StarlarkValue, _ arguments: [any StarlarkConvertible],
        _ keywords: KeyValuePairs<String, any StarlarkConvertible>
    ) throws -> PreparedCall {
        machine.state.pointee.loopDepth += 1
        defer { machine.state.pointee.loopDepth -= 1 }
        return try PreparedCall(function, arguments, keywords, context.token)
    }

    /// Evaluates an expression. The value belongs to this evaluator.
    ///
    /// - Throws: `SyntaxErrors`, `EvaluationError`.
    public func evaluate(
        _ expression: SourceFile, dialect: Dialect = .standard,
        environment: Environment = Environment()
    ) throws -> StarlarkValue {
        let program = try Program.compile(
            expression: expression, dialect: dialect, predeclared: environment.names)
        return try evaluation { () throws(Failure) in
            let globals = try start(program) { name in environment.values[name]?.value }
            defer { context.liveGlobals.removeAll { $0 === globals } }
            return StarlarkValue(try execute(globals), .live(context.token))
        }
    }

    // MARK: Parts of an evaluation

    /// Whether no evaluation is running. Handlers may start one inside of another.
    private var isIdle: Bool { machine.state.pointee.loopDepth == 0 }

    /// Runs an evaluation: limits apply to each that is not inside of another.
    func evaluation<Result>(
        _ body: () throws(Failure) -> Result
    ) throws(EvaluationError) -> Result {
        // The machine's memory is the evaluator's, and so is the heap's token.
        defer { withExtendedLifetime(self) {} }
        let isOutermost = isIdle
        if isOutermost {
            context.fatalFailure = nil
            context.resetSteps(machine.state)
        }
        do throws(Failure) {
            return try body()
        } catch {
            if isOutermost {
                if error.details.kind == .cancelled { cancellation.reset() }
            } else if error.details.kind != .program {
                context.fatalFailure = error
            }
            throw EvaluationError(error)
        }
    }

    /// The globals of a program that is about to run, with the values of the names it does not
    /// define.
    func start(
        _ program: Program, _ predeclared: (String) -> StarlarkValue?
    ) throws(Failure) -> GlobalsOwner {
        let globals = GlobalsOwner(program: program)
        context.token.heap.retain(globals)
        let first = program.globalNames.count
        for (index, name) in program.predeclaredNames.enumerated() {
            guard let value = predeclared(name) else {
                throw Failure("the environment has no value for \(name)")
            }
            globals.record.pointee.values[first + index] = try context.token.adopt(value)
        }
        context.liveGlobals.append(globals)
        return globals
    }

    /// Calls the function that is the program's top level.
    func execute(_ globals: GlobalsOwner) throws(Failure) -> Value {
        let function = try machine.arena.makeFunction(
            globals.program.codes[0], globals: globals.record)
        return try machine.call(function.value)
    }

    /// Moves what the globals reach into a heap of its own.
    private func freeze(_ globals: GlobalsOwner) throws(Failure) -> Module {
        let heap = Heap()
        // The originals are of no further use unless the host, another module, or an evaluation
        // around this one may look at them.
        let isAlone = isIdle && context.hasNoOutsideValues && context.liveGlobals.count == 1
        let mode: Collector.Mode = isAlone ? .freeze : .freezeCopy
        var collector = Collector(mode, from: machine.arena, to: heap.arena)
        let frozen = collector.freeze(record: globals.record)
        collector.finish()
        heap.arena.state.pointee.hostObjects = collector.hostObjects
        heap.arena.state.pointee.retained.merge(machine.arena.state.pointee.retained) { $1 }
        if isAlone {
            context.liveGlobals = []
            machine.reset()
        }
        if let failure = collector.failure { throw failure }
        return Module(name: globals.program.file.name, heap: heap, globals: frozen)
    }
}
