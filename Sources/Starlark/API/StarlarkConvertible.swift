/// A Swift type whose values can become values of the language, and the other way round.
///
/// Bool, integers, Double, String, `[UInt8]` (as bytes), Optional (nil is `None`), Array, Set,
/// Dictionary with String keys, `OrderedPairs`, `StarlarkTuple`, `StarlarkInteger`, `StarlarkValue`
/// and host objects conform. A type of the host's own may be mapped to a structure:
///
/// ```swift
/// extension Target: StarlarkConvertible {
///     static let starlarkTypeName = "target"
///
///     static func fromStarlark(_ value: StarlarkValue) throws -> Target {
///         Target(name: try value.attribute("name").as(), deps: try value.attribute("deps").as())
///     }
///
///     func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
///         try factory.structure(["name": name, "deps": deps])
///     }
/// }
/// ```
public protocol StarlarkConvertible: SendableMetatype {
    /// What messages call the type: "int", "list of string".
    static var starlarkTypeName: String { get }

    /// The Swift value that `value` stands for.
    ///
    /// - Throws: `ConversionError` if it stands for none.
    static func fromStarlark(_ value: StarlarkValue) throws -> Self

    /// The value that stands for this one: made by `factory`, or any value there is already.
    func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue
}

extension StarlarkValue: StarlarkConvertible {
    public static var starlarkTypeName: String { "value" }

    public static func fromStarlark(_ value: StarlarkValue) -> StarlarkValue { value }

    public func starlarkValue(in factory: ValueFactory) -> StarlarkValue { self }
}

/// A value is not of the type that Swift asked for.
public struct ConversionError: Error, Sendable, Hashable {
    /// What was asked for: "list of int".
    public var expected: String
    /// What came: "string".
    public var found: String
    /// Where inside the value it came, innermost first: "element 2".
    public var path: [String]

    /// - Parameters:
    ///   - expected: what was asked for, usually a `starlarkTypeName`.
    ///   - found: what came, usually a type's name.
    public init(expected: String, found: String) {
        self.expected = expected
        self.found = found
        path = []
    }

    /// An error with the name of the type that `value` has.
    public init(expected: String, found value: StarlarkValue) {
        self.init(expected: expected, found: value.typeName)
    }

    /// The same error seen from what the value is a part of.
    public func inside(_ part: String, of expected: String) -> ConversionError {
        var outer = self
        outer.path.append(part)
        outer.expected = expected
        return outer
    }
}

extension ConversionError: CustomStringConvertible {
    /// For example "got int, want string", or "want list of int, element 2 is string".
    public var description: String {
        path.isEmpty
            ? "got \(found), want \(expected)"
            : "want \(expected), \(path.joined(separator: " of ")) is \(found)"
    }
}

extension StarlarkConvertible {
    /// Converts a part of a value; an error tells where the part is.
    static func convert(
        _ part: StarlarkValue, _ name: @autoclosure () -> String,
        of whole: @autoclosure () -> String
    ) throws -> Self {
        do {
            return try fromStarlark(part)
        } catch let error as ConversionError {
            throw error.inside(name(), of: whole())
        }
    }
}
