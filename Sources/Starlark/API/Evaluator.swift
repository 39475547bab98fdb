import SourceDiagnostics

/// Runs programs, one after the other, on one thread at a time.
///
/// An evaluator has a heap and a stack of its own. Modules that it returns are frozen: other evaluators,
/// on other threads, may use them at the same time.
public final class Evaluator {
    /// Ends the evaluation that is running, or the next one, from any thread.
    public let cancellation: CancellationFlag

    let context: EvaluationContext
    let machine: Machine
    private let frames: UnsafeMutablePointer<Frame>
    private let stack: UnsafeMutablePointer<Value>

    public init(limits: EvaluationLimits = EvaluationLimits()) {
        cancellation = CancellationFlag()
        let live = LiveHeap()
        context = EvaluationContext(
            token: live, limits: limits, cancellation: cancellation,
            printHandler: { _ in })
        stack = Arena.zeroedMemory(MachineState.stackSize * MemoryLayout<Value>.stride)
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
        Arena.systemFree(UnsafeMutableRawPointer(stack))
    }

    /// What `load` statements get. Without a handler `load` is an error.
    ///
    /// The handler is called on the evaluating thread. It finds the module in a cache or evaluates it with
    /// another evaluator; it is also the place to detect cycles.
    public func setLoadHandler(_ handler: @escaping (String) throws -> Module) {
        context.loadHandler = handler
    }

    /// Where `print` goes: one call for each, without a line end.
    public func setPrintHandler(_ handler: @escaping (String) -> Void) {
        context.printHandler = { handler(String(decoding: $0, as: UTF8.self)) }
    }

    /// Runs a program's top level and freezes what it defines.
    ///
    /// - Throws: `EvaluationError`.
    public func run(
        _ program: Program, environment: Environment = Environment()
    ) throws(EvaluationError) -> Module {
        let globals = try start(program, environment)
        defer { context.liveGlobals.removeAll { $0 === globals } }
        do throws(Failure) {
            _ = try execute(program, globals)
        } catch {
            throw EvaluationError(error)
        }
        return freeze(globals)
    }

    private func start(
        _ program: Program, _ environment: Environment
    ) throws(EvaluationError) -> GlobalsOwner {
        let globals = GlobalsOwner(program: program)
        machine.arena.state.pointee.retained[ObjectIdentifier(globals)] = globals
        let first = program.globalNames.count
        for (index, name) in program.predeclaredNames.enumerated() {
            guard let value = environment.values[name] else {
                throw EvaluationError(
                    Failure("the environment has no value for \(name)"))
            }
            globals.record.pointee.values[first + index] = value.word
            if let owner = value.owner {
                machine.arena.state.pointee.retained[ObjectIdentifier(owner)] = owner
            }
        }
        context.liveGlobals.append(globals)
        return globals
    }

    /// Calls the function that is the program's top level.
    private func execute(_ program: Program, _ globals: GlobalsOwner) throws(Failure) -> Value {
        let code = program.codes[0]
        let function = try machine.arena.makeFunction(code, globals: globals.record)
        return try machine.call(function.value)
    }

    /// Moves what the globals reach into a heap of its own.
    private func freeze(_ globals: GlobalsOwner) -> Module {
        let heap = Heap()
        // The originals are of no further use unless the host, or another module, may look at them.
        let isAlone = context.hasNoOutsideValues && context.liveGlobals.count == 1
        let mode: Collector.Mode = isAlone ? .freeze : .freezeCopy
        var collector = Collector(mode, from: machine.arena, to: heap.arena)
        let frozen = collector.freeze(record: globals.record)
        collector.finish()
        heap.arena.state.pointee.hostObjects = collector.hostObjects
        heap.arena.state.pointee.retained.merge(machine.arena.state.pointee.retained) { $1 }
        if isAlone { machine.reset() }
        return Module(name: globals.program.file.name, heap: heap, globals: frozen)
    }
}
