extension Bool: StarlarkConvertible {
    public static var starlarkTypeName: String { "bool" }

    public static func fromStarlark(_ value: StarlarkValue) throws -> Bool {
        guard value.word.isBool else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        return value.word.isTrue
    }

    public func starlarkValue(in factory: ValueFactory) -> StarlarkValue {
        StarlarkValue(Value(self), .none)
    }
}

extension StarlarkConvertible where Self: FixedWidthInteger {
    /// An integer of at most 64 bits.
    ///
    /// - Throws: `ConversionError` if the value is no integer, or out of the type's range.
    public static func fromStarlark(_ value: StarlarkValue) throws -> Self {
        guard value.kind == .int else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        let result: Self? = value.withWord { word in
            if let int = word.asInt { return Self(exactly: int) }
            let object = BigIntObject(word)
            guard object.count == 1, !object.isNegative else { return nil }
            return Self(exactly: object.limbs[0])
        }
        if let result { return result }
        throw ConversionError(
            expected: starlarkTypeName, found: "\(value.excerpt) (out of range)")
    }

    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        if let int = Int(exactly: self) { return factory.value(factory.arena.makeInt(int)) }
        return try factory.integer(StarlarkInteger(UInt64(self)))
    }
}

extension Int: StarlarkConvertible {
    public static var starlarkTypeName: String { "int" }
}

extension Int8: StarlarkConvertible {
    public static var starlarkTypeName: String { "int from -128 to 127" }
}

extension Int16: StarlarkConvertible {
    public static var starlarkTypeName: String { "int of 16 bits" }
}

extension Int32: StarlarkConvertible {
    public static var starlarkTypeName: String { "int of 32 bits" }
}

extension Int64: StarlarkConvertible {
    public static var starlarkTypeName: String { "int" }
}

extension UInt: StarlarkConvertible {
    public static var starlarkTypeName: String { "non-negative int" }
}

extension UInt8: StarlarkConvertible {
    public static var starlarkTypeName: String { "int from 0 to 255" }
}

extension UInt16: StarlarkConvertible {
    public static var starlarkTypeName: String { "non-negative int of 16 bits" }
}

extension UInt32: StarlarkConvertible {
    public static var starlarkTypeName: String { "non-negative int of 32 bits" }
}

extension UInt64: StarlarkConvertible {
    public static var starlarkTypeName: String { "non-negative int" }
}

extension Double: StarlarkConvertible {
    public static var starlarkTypeName: String { "float" }

    /// A float, or an integer rounded to the nearest.
    public static func fromStarlark(_ value: StarlarkValue) throws -> Double {
        let number: Double? = value.withWord { word in
            if word.isFloat { return FloatObject(word).number }
            return word.isInt ? BigInt.nearestDouble(word) : nil
        }
        guard let number else { throw ConversionError(expected: starlarkTypeName, found: value) }
        guard value.kind == .float || number.isFinite else {
            throw ConversionError(
                expected: starlarkTypeName, found: "\(value.excerpt) (out of range)")
        }
        return number
    }

    public func starlarkValue(in factory: ValueFactory) -> StarlarkValue {
        factory.value(factory.arena.makeFloat(self))
    }
}

extension String: StarlarkConvertible {
    public static var starlarkTypeName: String { "string" }

    /// The text of a string; invalid UTF-8, which slicing can make, is repaired.
    public static func fromStarlark(_ value: StarlarkValue) throws -> String {
        let text = value.withWord { $0.isString ? StringObject($0).text : nil }
        guard let text else { throw ConversionError(expected: starlarkTypeName, found: value) }
        return text
    }

    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        try factory.make { (arena) throws(Failure) in try arena.makeString(self).value }
    }
}

extension Optional: StarlarkConvertible where Wrapped: StarlarkConvertible {
    public static var starlarkTypeName: String { "\(Wrapped.starlarkTypeName) or None" }

    /// Nil for `None`.
    public static func fromStarlark(_ value: StarlarkValue) throws -> Wrapped? {
        if value.isNone { return nil }
        do {
            return try Wrapped.fromStarlark(value)
        } catch var error as ConversionError where error.path.isEmpty {
            error.expected = starlarkTypeName
            throw error
        }
    }

    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        try self?.starlarkValue(in: factory) ?? .none
    }
}
