/// Makes values: of a running evaluation, where they are as mutable as those that the program
/// makes, or for the host alone.
///
/// A Swift value becomes a value wherever a `StarlarkConvertible` is asked for; the factory is for
/// what no single Swift type stands for, such as lists of mixed types and structures.
public struct ValueFactory {
    let live: LiveHeap

    init(_ live: LiveHeap) { self.live = live }

    /// A factory of values that belong to the host. A program that is given one gets an immutable
    /// copy.
    public init() { live = LiveHeap() }

    var arena: Arena { live.heap.arena }

    func value(_ word: Value) -> StarlarkValue { StarlarkValue(word, .live(live)) }

    func make(_ body: (Arena) throws(Failure) -> Value) throws(EvaluationError) -> StarlarkValue {
        try EvaluationError.catching { () throws(Failure) in value(try body(arena)) }
    }

    /// The value for a Swift value.
    public func value(_ value: some StarlarkConvertible) throws -> StarlarkValue {
        self.value(try live.word(of: value))
    }

    /// A list, which the program may change.
    public func list(_ elements: [any StarlarkConvertible]) throws -> StarlarkValue {
        let list = try make { (arena) throws(Failure) in
            try arena.makeList(capacity: elements.count).value
        }
        for element in elements {
            let element = try live.word(of: element)
            try EvaluationError.catching { () throws(Failure) in
                try ListObject(list.word).append(element, in: arena)
            }
        }
        return list
    }

    /// A tuple.
    public func tuple(_ elements: [any StarlarkConvertible]) throws -> StarlarkValue {
        var words: [Value] = []
        for element in elements { words.append(try live.word(of: element)) }
        return try make { (arena) throws(Failure) in
            try words.withUnsafeMutableBufferPointer { (words) throws(Failure) in
                try arena.makeTuple(copying: words).value
            }
        }
    }

    /// A dict, which the program may change, with entries in the given order.
    ///
    /// - Throws: what the conversions throw, and an error if a key is not hashable.
    public func dict(
        _ entries: [(any StarlarkConvertible, any StarlarkConvertible)]
    ) throws -> StarlarkValue {
        let table = try make { (arena) throws(Failure) in
            try arena.makeTable(.dict, capacity: entries.count).value
        }
        for (key, value) in entries {
            let (key, value) = (try live.word(of: key), try live.word(of: value))
            try EvaluationError.catching { () throws(Failure) in
                try TableObject(table.word).set(key, value, in: arena)
            }
        }
        return table
    }

    /// A set, which the program may change, with elements in the given order.
    public func set(_ elements: [any StarlarkConvertible]) throws -> StarlarkValue {
        let table = try make { (arena) throws(Failure) in
            try arena.makeTable(.set, capacity: elements.count).value
        }
        for element in elements {
            let element = try live.word(of: element)
            try EvaluationError.catching { () throws(Failure) in
                try TableObject(table.word).set(element, .none, in: arena)
            }
        }
        return table
    }

    /// A `bytes` value.
    public func bytes(_ bytes: [UInt8]) throws(EvaluationError) -> StarlarkValue {
        try make { (arena) throws(Failure) in
            try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
                try arena.makeString(bytes, type: .bytes).value
            }
        }
    }

    /// An integer of any size.
    public func integer(_ integer: StarlarkInteger) throws(EvaluationError) -> StarlarkValue {
        try make { (arena) throws(Failure) in
            let count = integer.magnitude.count
            let object = try arena.makeLimbs(max(count, 1))
            object.limbs[0] = 0
            for (index, word) in integer.magnitude.enumerated() { object.limbs[index] = UInt(word) }
            return arena.finish(object, count: max(count, 1), isNegative: integer.isNegative)
        }
    }

    /// A structure with named fields, as `struct` makes it.
    ///
    /// - Parameter constructor: what the structure is printed as, instead of `struct`. Structures
    ///   with different constructors are not equal.
    public func structure(
        _ fields: KeyValuePairs<String, any StarlarkConvertible>,
        constructor: (any StarlarkConvertible)? = nil
    ) throws -> StarlarkValue {
        try structure(Array(fields.map { ($0.key, $0.value) }), constructor)
    }

    /// A structure with the given fields, of distinct names.
    public func structure(
        _ fields: OrderedPairs<String, StarlarkValue>,
        constructor: (any StarlarkConvertible)? = nil
    ) throws -> StarlarkValue {
        try structure(fields.map { ($0.key, $0.value) }, constructor)
    }

    private func structure(
        _ fields: [(String, any StarlarkConvertible)], _ constructor: (any StarlarkConvertible)?
    ) throws -> StarlarkValue {
        try structure(
            .structure, constructor: try constructor.map { try live.word(of: $0) } ?? .none, fields)
    }

    func structure(
        _ type: ObjectType, constructor: Value, _ fields: [(String, any StarlarkConvertible)]
    ) throws -> StarlarkValue {
        var words: [(name: Value, value: Value)] = []
        var names: Set<String> = []
        for (name, value) in fields {
            precondition(names.insert(name).inserted, "the field `\(name)` is there twice")
            words.append((try live.word(of: name), try live.word(of: value)))
        }
        return try make { (arena) throws(Failure) in
            try arena.makeStructure(type, constructor: constructor, fields: words)
        }
    }
}
