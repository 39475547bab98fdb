import Synchronization

/// What one evaluator's machine needs besides the hot state: handlers, limits, the modules under way.
final class EvaluationContext {
    var limits: EvaluationLimits
    var loadHandler: ((String) throws -> Module)?
    var printHandler: (UnsafeBufferPointer<UInt8>) -> Void
    let cancellation: CancellationFlag
    /// Steps (backward jumps and calls) taken in all evaluations so far.
    private(set) var steps = 0
    /// The globals of modules whose evaluation has begun and that are not frozen yet.
    var liveGlobals: [GlobalsOwner] = []
    /// Shared with every value handed out to the host; see `hasNoOutsideValues`.
    var token: LiveHeap

    init(
        token: LiveHeap, limits: EvaluationLimits, cancellation: CancellationFlag,
        printHandler: @escaping (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        self.token = token
        self.limits = limits
        self.cancellation = cancellation
        self.printHandler = printHandler
    }

    /// Whether the host holds no value of the running evaluation, so that objects may move.
    var hasNoOutsideValues: Bool { isKnownUniquelyReferenced(&token) }

    /// So many steps pass between two looks at the limits, about 50 µs.
    static let stepsPerCheck = 10_000

    /// Counts the steps taken since the last look and grants more.
    func checkLimits(_ state: UnsafeMutablePointer<MachineState>) throws(Failure) {
        steps &+= state.pointee.fuelGranted &- max(state.pointee.fuel, 0)
        state.pointee.fuelGranted = 0
        state.pointee.fuel = 0
        if cancellation.isCancelled {
            throw Failure(details: .init(kind: .cancelled, message: "evaluation cancelled"))
        }
        var grant = EvaluationContext.stepsPerCheck
        if let limit = limits.steps {
            guard steps < limit else { throw Failure.limit("step limit of \(limit) exceeded") }
            grant = min(grant, limit - steps)
        }
        state.pointee.fuel = grant
        state.pointee.fuelGranted = grant
    }

    /// Runs a `load` statement: asks the host for the module and binds its names.
    func load(
        _ site: LoadSite, into globals: UnsafeMutablePointer<Value>, _ machine: Machine
    ) throws(Failure) {
        guard let loadHandler else {
            throw Failure("load is not supported here", hint: "the host sets no load handler")
        }
        let module: Module
        do {
            module = try loadHandler(site.module)
        } catch {
            throw Failure(
                details: .init(
                    kind: .program, message: "cannot load \(site.module): \(describe(error))",
                    underlying: error))
        }
        machine.arena.state.pointee.retained[ObjectIdentifier(module.heap)] = module.heap
        for binding in site.bindings {
            guard let value = module.word(binding.name) else {
                throw Failure(
                    "load: name \(binding.name) not found in module \(site.module)",
                    hint: suggestion(for: binding.name, among: module.names))
            }
            globals[binding.global] = value
        }
    }

    private func describe(_ error: any Error) -> String {
        (error as? EvaluationError)?.message ?? String(describing: error)
    }
}

/// Keeps the heap of a running evaluation alive for values handed out to the host.
final class LiveHeap {
    let heap = Heap()
}
