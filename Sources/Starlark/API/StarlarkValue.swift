/// A value of the language in the hands of the host. It keeps the memory it lives in.
///
/// A value that comes out of a running evaluation belongs to it and to its thread; `frozen()` gives
/// an immutable copy that may go anywhere. Holding values of an evaluation keeps its collector from
/// freeing memory, so let go of them when they are done with.
///
/// Values come out as Swift values with `as(_:)`, and Swift values become values wherever a
/// `StarlarkConvertible` is asked for.
public struct StarlarkValue {
    /// To be handed on together with its owner. What it points to is read by `withWord` only: the
    /// compiler may let go of the owner as soon as the word was taken.
    let word: Value
    let owner: Owner

    /// Runs `body` with the word, and the owner alive.
    @inline(__always)
    func withWord<Result, Problem: Error>(
        _ body: (Value) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        try withExtendedLifetime(owner) { () throws(Problem) in try body(word) }
    }

    /// What must live as long as the word is in use.
    enum Owner {
        /// The word is no pointer.
        case none
        /// The word is immutable and lives as long as the heap.
        case heap(Heap)
        /// The word lives in, or is retained by, the heap of an evaluation, or one of the host's
        /// own.
        case live(LiveHeap)
    }

    init(_ word: Value, _ owner: Owner) {
        self.word = word
        self.owner = word.isObject ? owner : .none
    }

    /// An immutable value made of a Swift value.
    ///
    /// - Throws: what the conversion throws.
    public init(_ value: some StarlarkConvertible) throws {
        self = try value.starlarkValue(in: ValueFactory()).frozen().value
    }

    /// `None`.
    public static var none: StarlarkValue { StarlarkValue(.none, .none) }

    /// The types of values.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case none, bool, int, float, string, bytes, list, tuple, dict, set, range
        /// A function of a program.
        case function
        /// A function or method written in Swift.
        case builtin
        /// What `struct` makes.
        case structure
        case module
        /// What `elems`, `codepoints` and their kin return.
        case stringElements
        /// A `HostObject`.
        case host
    }

    /// Which of the built-in types the value has.
    public var kind: Kind { withWord { $0.kind } }

    /// What `type(x)` gives.
    public var typeName: String { withWord { $0.typeName } }

    /// Whether this is `None`.
    public var isNone: Bool { word.isNone }

    /// The truth value of the language.
    public var isTruthy: Bool { withWord { $0.isTruthy } }

    /// Whether the value can be called.
    public var isCallable: Bool { withWord { $0.isCallable } }

    /// Whether the value can never change. Tuples and other values without a mutating operation
    /// count as such, whatever they hold, only once they were frozen with what they hold.
    public var isFrozen: Bool {
        withWord { !$0.isObject || $0.header.pointee.flags.contains(.permanent) }
    }

    /// The Swift value that this stands for.
    ///
    /// - Throws: `ConversionError` if it stands for none of that type.
    public func `as`<Target: StarlarkConvertible>(_ type: Target.Type = Target.self) throws
        -> Target
    {
        try Target.fromStarlark(self)
    }
}

extension StarlarkValue: Equatable {
    /// Equality of the language (`==`). Values nested too deeply to be compared are not equal.
    public static func == (one: StarlarkValue, other: StarlarkValue) -> Bool {
        do throws(Failure) {
            return try one.withWord { (one) throws(Failure) in
                try other.withWord { (other) throws(Failure) in try one.equals(other) }
            }
        } catch {
            return false
        }
    }
}

extension StarlarkValue: CustomStringConvertible {
    /// What `repr` gives.
    public var description: String {
        withWord { word in
            String(scratch: word) { (text) throws(Failure) in try text.append(repr: word) }
        }
    }

    /// What `str` gives: a string as it is, any other value as `repr` has it. Invalid UTF-8 is
    /// repaired.
    public var string: String {
        withWord { word in
            String(scratch: word) { (text) throws(Failure) in try text.append(str: word) }
        }
    }

    /// The text of a string; nil if the value is none, or holds invalid UTF-8.
    public var validText: String? { withWord { $0.validText } }

    /// What `repr` gives, cut short if it is very long.
    public var excerpt: String {
        let scratch = Heap()
        return withExtendedLifetime(scratch) { withWord { $0.excerpt(in: scratch.arena) } }
    }
}

extension String {
    /// The text that `write` makes of a value. A frozen heap is shared between threads and lends no
    /// buffer, so it is made in a heap of its own.
    fileprivate init(
        scratch word: Value, _ write: (inout ByteBuilder) throws(Failure) -> Void
    ) {
        let scratch = Heap()
        self = withExtendedLifetime(scratch) {
            var text = ByteBuilder(scratch.arena)
            do throws(Failure) {
                try write(&text)
            } catch {
                return "<\(word.typeName), \(error.details.message)>"
            }
            return String(decoding: text.bytes, as: UTF8.self)
        }
    }
}

extension Value {
    /// See `StarlarkValue.validText`.
    var validText: String? {
        // `String(validating:as:)` takes ten times as long.
        guard isString, firstInvalidUTF8(in: StringObject(self).bytes) == nil else { return nil }
        return StringObject(self).text
    }

    fileprivate var kind: StarlarkValue.Kind {
        guard isObject else { return isSmallInt ? .int : isBool ? .bool : .none }
        switch header.pointee.type {
        case .string: return .string
        case .bytes: return .bytes
        case .bigInt: return .int
        case .float: return .float
        case .list: return .list
        case .tuple: return .tuple
        case .dict: return .dict
        case .set: return .set
        case .range: return .range
        case .function: return .function
        case .builtin: return .builtin
        case .structure: return .structure
        case .module: return .module
        case .stringElements: return .stringElements
        case .host: return .host
        case .forwarded, .cell, .shape: preconditionFailure("no value of the language")
        }
    }
}
