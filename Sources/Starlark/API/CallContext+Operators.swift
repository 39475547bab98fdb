/// Operators of the language, for host functions.
extension CallContext {
    /// `one == other`.
    ///
    /// - Throws: an error if the values are nested too deeply.
    public func areEqual(
        _ one: StarlarkValue, _ other: StarlarkValue
    ) throws(EvaluationError) -> Bool {
        try withWords(one, other) { (one, other) throws(Failure) in try one.equals(other) }
    }

    /// `one < other`.
    ///
    /// - Throws: an error if the values have no order.
    public func isLess(
        _ one: StarlarkValue, than other: StarlarkValue
    ) throws(EvaluationError) -> Bool {
        try withWords(one, other) { (one, other) throws(Failure) in
            try Operations.compare(.less, one, other)
        }
    }

    /// `item in collection`.
    ///
    /// - Throws: an error if the value is no collection, or can't hold such items.
    public func contains(
        _ collection: StarlarkValue, _ item: StarlarkValue
    ) throws(EvaluationError) -> Bool {
        let arena = call.machine.arena
        return try withWords(collection, item) { (collection, item) throws(Failure) in
            try Operations.contains(collection, item, arena)
        }
    }

    private func withWords(
        _ one: StarlarkValue, _ other: StarlarkValue,
        _ body: (Value, Value) throws(Failure) -> Bool
    ) throws(EvaluationError) -> Bool {
        let token = call.machine.context.token
        return try EvaluationError.catching { () throws(Failure) in
            try body(try token.adopt(one), try token.adopt(other))
        }
    }
}
