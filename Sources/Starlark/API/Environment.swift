/// The names that the host defines for programs, besides the universal ones, with their values.
///
/// The values are frozen, so an environment may be used by many evaluators at once.
public struct Environment: Sendable {
    /// Immutable values in permanent heaps, which nothing writes to any more.
    nonisolated(unsafe) private(set) var values: [String: StarlarkValue] = [:]

    public init() {}

    /// The names defined, for `Program.compile`.
    public var names: Set<String> { Set(values.keys) }

    mutating func define(_ name: String, _ value: Value, in heap: Heap) {
        values[name] = StarlarkValue(value.madePermanent(), owner: heap)
    }

    /// Defines a builtin function under its own name.
    package mutating func define(_ builtin: Builtin) { define(builtin.name, builtin) }

    /// Defines a builtin function under another name.
    mutating func define(_ name: String, _ builtin: Builtin) {
        let heap = Heap()
        heap.retain(builtin)
        define(name, heap.arena.makeBuiltin(builtin), in: heap)
    }

    /// Defines a name for a value that is frozen already.
    mutating func define(_ name: String, _ value: StarlarkValue) { values[name] = value }

    // MARK: The standard modules

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
