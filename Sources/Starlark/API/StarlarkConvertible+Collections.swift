extension Array: StarlarkConvertible where Element: StarlarkConvertible {
    public static var starlarkTypeName: String {
        Element.self == UInt8.self ? "bytes" : "list of \(Element.starlarkTypeName)"
    }

    /// The elements of a list, tuple, set, range or other iterable but a dict; for `[UInt8]` the
    /// bytes of a `bytes` value.
    public static func fromStarlark(_ value: StarlarkValue) throws -> [Element] {
        if let bytes = try bytes(of: value) { return bytes }
        guard value.kind != .dict, let elements = try value.elementsIfIterable() else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        var result: [Element] = []
        result.reserveCapacity(elements.underestimatedCount)
        for element in elements {
            let position = result.count
            result.append(
                try Element.convert(element, "element \(position)", of: starlarkTypeName))
        }
        return result
    }

    /// A list, that the program may change; for `[UInt8]` a `bytes` value.
    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        if Element.self == UInt8.self, let bytes = self as? [UInt8] {
            return try factory.bytes(bytes)
        }
        return try factory.list(self)
    }

    private static func bytes(of value: StarlarkValue) throws -> [Element]? {
        guard Element.self == UInt8.self else { return nil }
        guard value.kind == .bytes else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        return value.withWord { [UInt8](StringObject($0).bytes) } as? [Element]
    }
}

extension Set: StarlarkConvertible where Element: StarlarkConvertible & Comparable {
    public static var starlarkTypeName: String { "set of \(Element.starlarkTypeName)" }

    /// The elements of a set, or of what Array takes.
    public static func fromStarlark(_ value: StarlarkValue) throws -> Set<Element> {
        guard value.kind != .dict, let elements = try value.elementsIfIterable() else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        var result: Set<Element> = []
        for (position, element) in elements.enumerated() {
            result.insert(
                try Element.convert(element, "element \(position)", of: starlarkTypeName))
        }
        return result
    }

    /// A set whose order is that of the elements, sorted.
    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        try factory.set(sorted())
    }
}

extension Dictionary: StarlarkConvertible where Key == String, Value: StarlarkConvertible {
    public static var starlarkTypeName: String {
        "dict of string to \(Value.starlarkTypeName)"
    }

    public static func fromStarlark(_ value: StarlarkValue) throws -> [String: Value] {
        let pairs = try OrderedPairs<String, Value>.fromStarlark(value)
        // Distinct strings may be equal once invalid UTF-8 is repaired: the last one wins.
        return Dictionary(pairs.elements.map { ($0.key, $0.value) }) { $1 }
    }

    /// A dict whose order is that of the keys, sorted. `OrderedPairs` keeps an order of its own.
    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        try factory.dict(sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
}

/// The entries of a dict in their order.
public struct OrderedPairs<Key: StarlarkConvertible, Value: StarlarkConvertible> {
    /// One entry.
    public typealias Element = (key: Key, value: Value)

    /// The entries in order. A later one with the same key replaces the value of an earlier one
    /// when a dict is made.
    public var elements: [Element]

    /// Pairs in the given order.
    public init(_ elements: [Element] = []) { self.elements = elements }

    /// The value of the first entry with the key.
    public subscript(key: Key) -> Value? where Key: Equatable {
        elements.first { $0.key == key }?.value
    }
}

extension OrderedPairs: Sendable where Key: Sendable, Value: Sendable {}

extension OrderedPairs: RandomAccessCollection {
    public var startIndex: Int { elements.startIndex }
    public var endIndex: Int { elements.endIndex }
    public subscript(position: Int) -> Element { elements[position] }
}

extension OrderedPairs: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (Key, Value)...) {
        self.elements = elements.map { (key: $0, value: $1) }
    }
}

extension OrderedPairs: StarlarkConvertible {
    public static var starlarkTypeName: String {
        "dict of \(Key.starlarkTypeName) to \(Value.starlarkTypeName)"
    }

    public static func fromStarlark(_ value: StarlarkValue) throws -> OrderedPairs {
        guard let entries = value.entries else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        var pairs = OrderedPairs()
        pairs.elements.reserveCapacity(entries.count)
        for entry in entries {
            let key = try Key.convert(entry.key, "key \(entry.key)", of: starlarkTypeName)
            let value = try Value.convert(
                entry.value, "value of key \(entry.key)", of: starlarkTypeName)
            pairs.elements.append((key, value))
        }
        return pairs
    }

    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        try factory.dict(elements.map { ($0.key, $0.value) })
    }
}

/// A tuple of values of given types: `StarlarkTuple(1, "one")`.
public struct StarlarkTuple<each Element: StarlarkConvertible> {
    /// The elements as a Swift tuple.
    public var values: (repeat each Element)

    /// A tuple of the given elements.
    public init(_ values: repeat each Element) { self.values = (repeat each values) }
}

extension StarlarkTuple: Sendable where repeat each Element: Sendable {}

extension StarlarkTuple: StarlarkConvertible {
    public static var starlarkTypeName: String {
        var names: [String] = []
        for element in repeat (each Element).self { names.append(element.starlarkTypeName) }
        return "(\(names.joined(separator: ", ")))"
    }

    /// A tuple or list with as many elements.
    public static func fromStarlark(_ value: StarlarkValue) throws -> StarlarkTuple {
        guard value.kind == .list || value.kind == .tuple, let items = value.count else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        var count = 0
        for _ in repeat (each Element).self { count += 1 }
        guard items == count else {
            throw ConversionError(
                expected: starlarkTypeName, found: "\(value.typeName) of \(items) elements")
        }
        var position = 0
        func next<Item: StarlarkConvertible>(_ type: Item.Type) throws -> Item {
            defer { position += 1 }
            return try Item.convert(
                value[position] ?? .none, "element \(position)", of: starlarkTypeName)
        }
        return StarlarkTuple(repeat try next((each Element).self))
    }

    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        var elements: [any StarlarkConvertible] = []
        for element in repeat each values { elements.append(element) }
        return try factory.tuple(elements)
    }
}
