import Synchronization

/// What one evaluator's machine needs besides the hot state: handlers, limits, the modules under way.
final class EvaluationContext {
    var limits: EvaluationLimits
    var loadHandler: ((String) throws -> Module)?
    var printHandler: (UnsafeBufferPointer<UInt8>) -> Void
    let cancellation: CancellationFlag
    /// Steps (backward jumps and calls) that were counted in the running evaluation.
    private(set) var steps = 0
    /// The limit that was reached in a call by host code, which may have caught the error.
    var fatalFailure: Failure?
    /// The globals of modules whose evaluation has begun and that are not frozen yet.
    var liveGlobals: [GlobalsOwner] = []
    /// What host functions share during the evaluations.
    var hostState: AnyObject?
    /// Measures the evaluations.
    var profiler: Profiler?
    /// How many functions of other evaluators were running when it was set.
    var profilerBase = 0
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

    /// The steps taken in the evaluation that is running, or was last.
    func steps(_ state: UnsafeMutablePointer<MachineState>) -> Int {
        steps &+ state.pointee.fuelGranted &- state.pointee.fuel
    }

    /// Lets the next step be looked at.
    func refuel(_ state: UnsafeMutablePointer<MachineState>) {
        steps = steps(state)
        state.pointee.fuelGranted = 0
        state.pointee.fuel = 0
    }

    /// Begins to count anew.
    func resetSteps(_ state: UnsafeMutablePointer<MachineState>) {
        steps = 0
        state.pointee.fuelGranted = 0
        state.pointee.fuel = 0
    }

    /// Counts the steps taken since the last look and grants more. The step that let the fuel go below zero
    /// was taken too.
    func checkLimits(_ state: UnsafeMutablePointer<MachineState>) throws(Failure) {
        refuel(state)
        if cancellation.isCancelled {
            throw Failure(details: .init(kind: .cancelled, message: "evaluation cancelled"))
        }
        // A profiler looks at every step.
        var grant = profiler == nil ? EvaluationContext.stepsPerCheck : 0
        if let limit = limits.steps {
            guard steps <= limit else { throw Failure.limit("step limit of \(limit) exceeded") }
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
            // The error of an evaluation has a call stack, which goes on here.
            throw Failure(error, in: "cannot load \(site.module)")
        }
        machine.arena.state.pointee.retained[ObjectIdentifier(module.heap)] = module.heap
        for binding in site.bindings {
            guard let name = binding.name else {
                globals[binding.global] = try module.makeValue(site.module, in: machine.arena)
                continue
            }
            guard let value = module.word(name) else {
                throw Failure(
                    "load: name \(name) not found in module \(site.module)",
                    hint: suggestion(for: name, among: module.names))
            }
            globals[binding.global] = value
        }
    }
}

/// Keeps the heap of a running evaluation, or of values that the host makes, alive for values handed
/// out to the host.
final class LiveHeap {
    let heap = Heap()

    init() { heap.arena.state.pointee.live = .passUnretained(self) }
}
