/// The constructors of structures and modules, for hosts that predeclare them.
enum StructModule {
    /// `struct(**kwargs)`.
    static let structConstructor = Builtin("struct") {
        (call: borrowing Call) throws(Failure) -> Value in
        if call.positionalCount > 0 { throw call.failure("unexpected positional arguments") }
        return try make(.structure, constructor: .none, call)
    }

    /// `module(name, **kwargs)`.
    static let moduleConstructor = Builtin("module") {
        (call: borrowing Call) throws(Failure) -> Value in
        guard call.positionalCount == 1 else {
            throw call.failure("got \(call.positionalCount) arguments, want 1")
        }
        return try make(.module, constructor: try call.string(0).value, call)
    }

    private static func make(
        _ type: ObjectType, constructor: Value, _ call: borrowing Call
    ) throws(Failure) -> Value {
        var fields: [(name: Value, value: Value)] = []
        fields.reserveCapacity(call.keywordCount)
        for index in 0..<call.keywordCount {
            fields.append((call.keywordNames[index], call[call.positionalCount + index]))
        }
        return try call.arena.makeStructure(type, constructor: constructor, fields: fields)
    }
}
