package import SourceDiagnostics

/// What the functions that test suites predeclare need: they are written in a sibling target.
extension Call {
    /// `x == y`.
    package func equals(_ x: Value, _ y: Value) throws(Failure) -> Bool { try x.equals(y) }

    /// `x < y`.
    package func less(_ x: Value, _ y: Value) throws(Failure) -> Bool {
        try Operations.compare(.less, x, y)
    }

    /// `item in collection`.
    package func contains(_ collection: Value, _ item: Value) throws(Failure) -> Bool {
        try Operations.contains(collection, item, arena)
    }

    /// `x + y` and `x << y` of integers.
    package func integer(
        _ op: Operator, _ x: Value, _ y: Value
    ) throws(Failure) -> Value {
        try Operations.binary(op, x, y, machine)
    }

    /// What `repr` gives, cut short if it is very long.
    package func excerpt(_ value: Value) -> String { value.excerpt(in: arena) }

    /// The text of a string.
    package func text(_ value: Value) throws(Failure) -> String {
        guard value.isString else { throw failure("got \(value.typeName), want string") }
        return StringObject(value).text
    }

    package func makeString(_ text: String) throws(Failure) -> Value {
        try arena.makeString(text).value
    }

    /// Calls a function without arguments.
    ///
    /// - Returns: the message of the error it ended with, and the hint, or nil.
    package func error(
        ofCalling function: Value
    ) throws(Failure) -> (message: String, hint: String?)? {
        do throws(Failure) {
            _ = try machine.call(function)
            return nil
        } catch {
            return (error.details.message, error.details.hint)
        }
    }

    /// Makes a value and all it reaches immutable, where they are.
    package func freeze(_ value: Value) { value.freezeInPlace() }

    /// Makes the globals of the modules under way, and all they reach, immutable.
    package func freezeGlobals() {
        for owner in machine.context.liveGlobals {
            for index in 0..<owner.record.pointee.count {
                owner.record.pointee.values[index].freezeInPlace()
            }
        }
    }

    /// The functions of programs that are running, innermost first.
    package var callStack: [CallFrame] { machine.callStack() }
}
