import Starlark

/// starlark-go's `hasfields()`: any field can be set, but for those that begin with `no`.
///
/// Used by one thread: it is frozen in place only, never copied into a module's heap with its fields.
final class FieldRecord: HostMutableAttributes, HostOperand {
    static let starlarkTypeName = "hasfields"
    private var fields: [String: StarlarkValue] = [:]

    var attributeNames: [String] { fields.keys.sorted() }
    var starlarkDescription: String { "hasfields" }

    func attribute(_ name: String) -> (any StarlarkConvertible)? { fields[name] }

    func setAttribute(_ name: String, to value: StarlarkValue) throws {
        if name.hasPrefix("no") { throw EvaluationError("no .\(name) field") }
        fields[name] = value
    }

    /// A list plus such an object is 42, so that `list += object` has an operator to prefer.
    func applying(
        _ op: BinaryOperator, with other: StarlarkValue, as side: OperandSide
    ) -> (any StarlarkConvertible)? {
        op == .add && side == .right && other.kind == .list ? 42 : nil
    }

    func frozen() throws -> any HostObject & Sendable { EmptyRecord() }

    static let constructor = HostFunction("hasfields") { _ in FieldRecord() }
}

/// The Java suite's `mutablestruct(…)`.
final class MutableStructure: HostMutableAttributes {
    static let starlarkTypeName = "mutablestruct"
    private var fields: [String: StarlarkValue] = [:]

    private init(_ fields: OrderedPairs<String, StarlarkValue>) {
        for (name, value) in fields { self.fields[name] = value }
    }

    var attributeNames: [String] { fields.keys.sorted() }

    var starlarkDescription: String {
        let texts = attributeNames.map { name in "\(name) = \(fields[name] ?? .none)" }
        return "mutablestruct(\(texts.joined(separator: ", ")))"
    }

    func attribute(_ name: String) -> (any StarlarkConvertible)? { fields[name] }

    /// One value is refused, for the error.
    func setAttribute(_ name: String, to value: StarlarkValue) throws {
        if value.string == "bad" { throw EvaluationError("bad field value") }
        fields[name] = value
    }

    func frozen() throws -> any HostObject & Sendable { EmptyRecord() }

    static let constructor = HostFunction(unchecked: "mutablestruct") { call in
        MutableStructure(call.keywords)
    }
}

/// What modules export instead of records. No test looks at it.
private final class EmptyRecord: HostObject, Sendable {
    static let starlarkTypeName = "record"
}

/// The numbers of Fibonacci, of which no test looks at more than a few.
final class FibonacciNumbers: HostSequence, Sendable {
    static let starlarkTypeName = "fib"

    func elements() -> [any StarlarkConvertible] {
        var (one, two) = (0, 1)
        return (0..<50).map { _ in
            (one, two) = (two, one + two)
            return two - one
        }
    }
}

/// A constructor of structures that differ from those of other constructors of the same name.
final class StructureSymbol: HostCallable, Sendable {
    static let starlarkTypeName = "symbol"
    let name: String

    init(name: String) { self.name = name }

    var starlarkDescription: String { name }

    func call(_ call: borrowing CallContext) throws -> any StarlarkConvertible {
        guard call.positionalCount == 0 else {
            throw EvaluationError("\(name): unexpected positional arguments")
        }
        return try call.values.structure(call.keywords, constructor: self)
    }

    static let gensym = HostFunction("gensym", .required("name", String.self)) { _, name in
        StructureSymbol(name: name)
    }
}
