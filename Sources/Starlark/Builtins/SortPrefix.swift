/// How the keys of a sort are turned into numbers that are in the same order as far as they go: where two
/// numbers differ, so do the keys, and in the same direction.
///
/// Keys that are integers or strings give one part of a number, tuples that begin with such elements up to
/// two: behind a first integer there is room for a second element, as in `(-count, name)`.
struct SortPrefix {
    private let takesElements: Bool
    private let first: Part
    private let second: Part
    /// Whether equal numbers mean equal keys.
    let isComplete: Bool
    /// Whether all numbers are 0.
    var isNone: Bool { first.isNone }

    init(for keys: UnsafeMutableBufferPointer<Value>) {
        let whole = Part(keys) { $0 }
        takesElements = whole.isNone
        first = takesElements ? Part(keys) { SortPrefix.element(0, of: $0) } : whole
        guard takesElements, first.isIntegers else {
            second = .none
            isComplete = first.isIntegers
            return
        }
        second = Part(keys) { SortPrefix.element(1, of: $0) }
        isComplete =
            second.isIntegers && first.bitCount + second.bitCount <= UInt64.bitWidth
            && keys.allSatisfy { TupleObject($0).count == 2 }
    }

    func number(of key: Value) -> UInt64 {
        guard takesElements else { return first.number(of: key) }
        let number = first.number(of: SortPrefix.element(0, of: key))
        if second.isNone { return number }
        return number | second.number(of: SortPrefix.element(1, of: key)) >> first.bitCount
    }

    /// An element of a tuple; unbound if there is none, and for anything else.
    @inline(__always)
    private static func element(_ index: Int, of key: Value) -> Value {
        guard key.isObject(.tuple), index < TupleObject(key).count else { return .unbound }
        return TupleObject(key).items[index]
    }
}

/// What all keys, or the elements of all keys at one index, have in common.
private enum Part {
    /// They are not all of one of these types.
    case none
    /// Small integers: the least of them, and how many bits the differences to it take.
    case integers(least: Int, bitCount: Int)
    /// Strings: how many bytes at the beginning are the same in all.
    case strings(sharedCount: Int)

    init(_ keys: UnsafeMutableBufferPointer<Value>, _ part: (Value) -> Value) {
        let one = part(keys[0])
        if one.isSmallInt {
            self = Part.integers(keys, part)
        } else if one.isString {
            self = Part.strings(keys, part)
        } else {
            self = .none
        }
    }

    private static func integers(
        _ keys: UnsafeMutableBufferPointer<Value>, _ part: (Value) -> Value
    ) -> Part {
        var (least, greatest) = (Int.max, Int.min)
        for key in keys {
            let value = part(key)
            guard value.isSmallInt else { return .none }
            least = min(least, value.smallInt)
            greatest = max(greatest, value.smallInt)
        }
        let difference = UInt64(bitPattern: Int64(greatest &- least))
        return .integers(
            least: least, bitCount: UInt64.bitWidth - difference.leadingZeroBitCount)
    }

    private static func strings(
        _ keys: UnsafeMutableBufferPointer<Value>, _ part: (Value) -> Value
    ) -> Part {
        let first = StringObject(part(keys[0])).bytes
        var shared = first.count
        for key in keys {
            let value = part(key)
            guard value.isString else { return .none }
            let bytes = StringObject(value).bytes
            shared = min(shared, bytes.count)
            var index = 0
            while index < shared, bytes[index] == first[index] { index &+= 1 }
            shared = index
        }
        return .strings(sharedCount: shared)
    }

    var isNone: Bool {
        if case .none = self { return true }
        return false
    }

    var isIntegers: Bool {
        if case .integers = self { return true }
        return false
    }

    /// How many bits integers take.
    var bitCount: Int {
        if case .integers(_, let count) = self { return count }
        return UInt64.bitWidth
    }

    /// The part of a value, on top of the number.
    @inline(__always)
    func number(of value: Value) -> UInt64 {
        switch self {
        case .none: 0
        case .integers(let least, let count):
            UInt64(bitPattern: Int64(value.smallInt &- least)) << (UInt64.bitWidth - count)
        case .strings(let shared): Part.number(string: value, from: shared)
        }
    }

    /// Eight bytes, the first one on top; zeros where the string has ended.
    private static func number(string: Value, from start: Int) -> UInt64 {
        let bytes = StringObject(string).bytes
        let left = bytes.count &- start
        if left >= 8, let base = UnsafeRawPointer(bytes.baseAddress) {
            return UInt64(bigEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        var number: UInt64 = 0
        for index in 0..<8 {
            number = number &<< 8 | (index < left ? UInt64(bytes[start &+ index]) : 0)
        }
        return number
    }
}
