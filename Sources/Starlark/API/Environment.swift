/// The names that the host defines for programs, besides the universal ones, with their values.
///
/// The values are frozen, so an environment may be used by many evaluators at once.
///
/// ```swift
/// var environment = Environment()
/// try environment.define("answer", 42)
/// environment.define(HostFunction("double", .required("x", Int.self)) { _, x in x * 2 })
/// try environment.defineModule("sys") { sys in
///     try sys.define("platform", "linux")
/// }
/// ```
public struct Environment: Sendable {
    private(set) var values: [String: FrozenValue] = [:]

    /// An environment without names.
    public init() {}

    /// The names defined, for `Program.compile`.
    public var names: Set<String> { Set(values.keys) }

    /// The value of a name, or nil if it is not defined.
    public subscript(name: String) -> StarlarkValue? { values[name]?.value }

    /// Defines a name, in place of what it was before.
    ///
    /// - Throws: what the conversion throws, and an error if a host object cannot be frozen.
    public mutating func define(_ name: String, _ value: some StarlarkConvertible) throws {
        values[name] = try value.starlarkValue(in: ValueFactory()).frozen()
    }

    /// Defines a function under its name.
    public mutating func define(_ function: HostFunction) { define(function.builtin) }

    /// Defines a module: a value with the members that `define` gives it.
    ///
    /// - Throws: what `define` throws.
    public mutating func defineModule<Problem: Error>(
        _ name: String, _ define: (inout Environment) throws(Problem) -> Void
    ) throws(Problem) {
        var members = Environment()
        try define(&members)
        defineStructure(name, .module, members)
    }

    /// Defines a structure with the fields that `define` gives it.
    ///
    /// - Throws: what `define` throws.
    public mutating func defineStruct<Problem: Error>(
        _ name: String, _ define: (inout Environment) throws(Problem) -> Void
    ) throws(Problem) {
        var fields = Environment()
        try define(&fields)
        defineStructure(name, .structure, fields)
    }

    private mutating func defineStructure(
        _ name: String, _ type: ObjectType, _ members: Environment
    ) {
        let fields = members.values.map { ($0.key, $0.value as any StarlarkConvertible) }
        let factory = ValueFactory()
        do {
            let constructor: Value =
                type == .module ? try factory.value(name).word : .none
            let value = try factory.structure(type, constructor: constructor, fields)
            values[name] = try value.frozen()
        } catch {
            preconditionFailure("frozen values need no conversion: \(error)")
        }
    }

    /// Adds the names of another environment; where both have one, the other's value counts.
    public mutating func merge(_ other: Environment) {
        values.merge(other.values) { $1 }
    }

    mutating func define(_ name: String, _ value: Value, in heap: Heap) {
        values[name] = FrozenValue(value.madePermanent(), in: heap)
    }

    /// Defines a builtin function under its own name.
    package mutating func define(_ builtin: Builtin) { define(builtin.name, builtin) }

    /// Defines a builtin function under another name.
    mutating func define(_ name: String, _ builtin: Builtin) {
        let heap = Heap()
        heap.retain(builtin)
        define(name, heap.arena.makeBuiltin(builtin), in: heap)
    }

    // MARK: What the language has elsewhere

    /// Defines `struct`, the constructor of immutable values with named fields.
    public mutating func defineStruct() { define(StructModule.structConstructor) }

    /// Defines `module`, the constructor of named values with members.
    public mutating func defineModule() { define(StructModule.moduleConstructor) }

    /// Defines the module `json`: `encode`, `encode_indent`, `decode`, `indent`.
    public mutating func defineJSON() { defineModule("json", JSONModule.functions) }

    /// Defines the module `math`.
    public mutating func defineMath() {
        defineModule("math", MathModule.functions, constants: MathModule.constants)
    }

    /// Defines a module value. A function's member name is what follows the point in its name.
    package mutating func defineModule(
        _ name: String, _ functions: [Builtin],
        constants: (Arena) -> [(name: StaticString, value: Value)] = { _ in [] }
    ) {
        let heap = Heap()
        let arena = heap.arena
        do throws(Failure) {
            var fields: [(name: Value, value: Value)] = []
            for function in functions {
                heap.retain(function)
                let member = String(function.name.dropFirst(name.utf8.count + 1))
                let key = try arena.makeString(member).value.madePermanent()
                fields.append((key, arena.makeBuiltin(function).madePermanent()))
            }
            for constant in constants(arena) {
                let key = try arena.makeString("\(constant.name)").value.madePermanent()
                fields.append((key, constant.value.madePermanent()))
            }
            let title = try arena.makeString(name).value.madePermanent()
            let module = try arena.makeStructure(.module, constructor: title, fields: fields)
            _ = StructureObject(module).shape.value.madePermanent()
            define(name, module, in: heap)
        } catch {
            preconditionFailure(error.details.message)
        }
    }
}
