/// A Swift class whose instances are values of the language.
///
/// ```swift
/// final class Counter: HostObject, Sendable {
///     static let starlarkTypeName = "counter"
///     static let members: HostMembers<Counter> = [
///         .property("value") { $0.value },
///         .mutatingMethod("add", .defaulted("amount", 1)) { counter, _, amount in
///             counter.add(amount)
///         },
///     ]
///     …
/// }
/// ```
///
/// That is all a class needs. What else its instances can do is up to further protocols:
/// `HostSequence` (iteration, `len`), `HostIndexable` and `HostMutableIndexable` (`x[key]`, `in`),
/// `HostComparable` (`<`), `HostOperand` (`+` and others), `HostCallable`. Hosts get the object
/// back as an argument of type `Counter`, or by `value.as(Counter.self)`.
///
/// An evaluation retains the objects that its values refer to until it finds them unreachable, or
/// ends. A `StarlarkValue` in turn retains the whole evaluation, so an object that stores one and
/// is itself a value of that evaluation makes a circle: let it store a `FrozenValue`, or let go of
/// the values in the end.
public protocol HostObject: AnyObject, StarlarkConvertible {
    /// The attributes and methods. None by default.
    static var members: HostMembers<Self> { get }

    /// The value of an attribute that is not among `members`; nil, as by default, if there is none.
    func attribute(_ name: String) throws -> (any StarlarkConvertible)?

    /// The names of the attributes that are not among `members`.
    var attributeNames: [String] { get }

    /// What is said of an attribute that there is not; nil, as by default, for the usual.
    func missingAttribute(_ name: String) -> EvaluationError?

    /// What `repr` and `str` give. `<type name>` by default.
    var starlarkDescription: String { get }

    /// The truth value. By default true, or whether a sequence has elements.
    var isTruthy: Bool { get }

    /// Whether `self == other` holds; both are different objects. By default false.
    func isEqual(to other: any HostObject) -> Bool

    /// Feeds what equal objects have in common to a hash, for keys of dicts. By default the
    /// object's identity. It must not change while the object may be a key.
    ///
    /// - Throws: an error if the object is not hashable.
    func hash(into hasher: inout Hasher) throws

    /// The object that stands for this one in a frozen module, where many threads may use it and no
    /// program may change it: equal to this one, with the same hash.
    ///
    /// Classes that are Sendable stand for themselves.
    func frozen() throws -> any HostObject & Sendable
}

extension HostObject {
    public static var members: HostMembers<Self> { [] }

    public func attribute(_ name: String) throws -> (any StarlarkConvertible)? { nil }

    public var attributeNames: [String] { [] }

    public func missingAttribute(_ name: String) -> EvaluationError? { nil }

    public var starlarkDescription: String { "<\(typeName)>" }

    public var isTruthy: Bool { (self as? any HostSequence)?.count != 0 }

    public func isEqual(to other: any HostObject) -> Bool { false }

    public func hash(into hasher: inout Hasher) throws {
        hasher.combine(ObjectIdentifier(self))
    }

    public static func fromStarlark(_ value: StarlarkValue) throws -> Self {
        let object = value.withWord { word in
            word.isObject(.host) ? HostReference(word.object).object as? Self : nil
        }
        guard let object else { throw ConversionError(expected: starlarkTypeName, found: value) }
        return object
    }

    public func starlarkValue(in factory: ValueFactory) -> StarlarkValue {
        factory.value(factory.arena.makeHostReference(self))
    }

    var typeName: String { Self.starlarkTypeName }
}

extension HostObject where Self: Sendable {
    public func frozen() throws -> any HostObject & Sendable { self }
}

extension HostObject where Self: Hashable {
    public func isEqual(to other: any HostObject) -> Bool { self == (other as? Self) }
}

/// A host object that `for` goes over.
public protocol HostSequence: HostObject {
    /// The elements as they are now. A program that changes the object in the meantime goes over
    /// these.
    func elements() throws -> [any StarlarkConvertible]

    /// What `len` gives; nil, as by default, if it is not known.
    var count: Int? { get }
}

extension HostSequence {
    public var count: Int? { nil }
}

/// A host object with elements `x[key]`.
public protocol HostIndexable: HostObject {
    /// The element for a key; nil if there is none. `key in x` is whether there is one.
    func element(for key: StarlarkValue) throws -> (any StarlarkConvertible)?
}

/// A host object whose elements can be set, until it is frozen: `x[key] = value`.
public protocol HostMutableIndexable: HostIndexable {
    /// Sets the element for a key.
    func setElement(for key: StarlarkValue, to value: StarlarkValue) throws
}

/// A host object that has an order among its like.
public protocol HostComparable: HostObject {
    /// Less than 0, 0 or more than 0, as this object comes before the other, with it, or after it;
    /// nil if they have no order.
    func compare(to other: any HostObject) throws -> Int?
}

extension HostComparable where Self: Comparable {
    public func compare(to other: any HostObject) throws -> Int? {
        guard let other = other as? Self else { return nil }
        return self < other ? -1 : other < self ? 1 : 0
    }
}

/// A host object that can be called.
public protocol HostCallable: HostObject {
    /// What the call returns. The arguments come from `call.unpack`.
    func call(_ call: borrowing CallContext) throws -> any StarlarkConvertible
}

/// A host object with binary operators.
public protocol HostOperand: HostObject {
    /// The result of the operator on this object and the other operand; nil if there is none.
    func applying(
        _ op: BinaryOperator, with other: StarlarkValue, as side: OperandSide
    ) throws -> (any StarlarkConvertible)?
}

/// Which operand an object is.
public enum OperandSide: Sendable, Hashable {
    case left, right
}

/// The binary operators that host objects may have.
public enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case bitAnd = "&"
    case bitOr = "|"
    case bitXor = "^"
    case shiftLeft = "<<"
    case shiftRight = ">>"

    init?(_ op: Operator) {
        switch op {
        case .plus: self = .add
        case .minus: self = .subtract
        case .times: self = .multiply
        case .divide: self = .divide
        case .floorDivide: self = .floorDivide
        case .modulo: self = .modulo
        case .bitAnd: self = .bitAnd
        case .bitOr: self = .bitOr
        case .bitXor: self = .bitXor
        case .shiftLeft: self = .shiftLeft
        case .shiftRight: self = .shiftRight
        default: return nil
        }
    }
}
