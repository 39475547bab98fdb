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
        let count = call.keywordCount
        let values = call.positionalCount..<call.positionalCount + count
        guard count > 0, count <= ShapeRecipe.maximumCount else {
            let fields = values.map { index in
                (name: call.keywordNames[index - values.lowerBound], value: call[index])
            }
            return try call.arena.makeStructure(type, constructor: constructor, fields: fields)
        }
        let recipe = try ShapeRecipe.find(call.keywordNames, count, in: call.arena)
        let structure = try call.arena.makeStructure(
            type, shape: recipe.shape, constructor: constructor)
        for index in 0..<count {
            structure.fields[Int(recipe.positions[index])] = call[values.lowerBound + index]
        }
        return Value(object: UnsafeMutableRawPointer(structure.pointer))
    }
}
