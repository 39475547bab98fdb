/// A running evaluation, as builtins see it: a trivial handle, valid while the evaluation lasts.
struct Machine {
    let state: UnsafeMutablePointer<MachineState>

    @inline(__always) var arena: Arena { state.pointee.arena }

    /// Calls any callable value with positional arguments. No collection runs meanwhile.
    func call(_ function: Value, _ arguments: Value...) throws(Failure) -> Value {
        fatalError("provisional")
    }
}

struct MachineState {
    var arena: Arena
}

struct Code {}
struct GlobalsRecord {}
struct EvaluationFrame {}
func suggestion(for name: String, among names: [String]) -> String? { nil }
