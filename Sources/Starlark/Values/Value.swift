/// A Starlark value in one trivial 8-byte word.
///
/// - Bit 0 set: a 63-bit integer, shifted left by one.
/// - Low three bits `110`: False or True (bit 3). `010`: None.
/// - Low three bits clear, not zero: a pointer to an object, which begins with an `ObjectHeader`.
/// - Zero: unbound. No program sees it.
///
/// A `Value` neither retains nor releases anything: whoever holds one must know that its heap lives.
/// The public counterpart that keeps the heap alive is `StarlarkValue`.
package struct Value: BitwiseCopyable {
    var bits: UInt

    @inline(__always)
    init(bits: UInt) { self.bits = bits }

    static var unbound: Value { Value(bits: 0) }
    package static var none: Value { Value(bits: 0b0010) }
    static var `false`: Value { Value(bits: 0b0110) }
    static var `true`: Value { Value(bits: 0b1110) }

    @inline(__always)
    package init(_ bool: Bool) { bits = bool ? 0b1110 : 0b0110 }

    /// The caller knows that `int` fits into 63 bits.
    @inline(__always)
    package init(smallInt int: Int) { bits = UInt(bitPattern: int) &<< 1 | 1 }

    @inline(__always)
    init(object: UnsafeMutableRawPointer) { bits = UInt(bitPattern: object) }

    @inline(__always) var isUnbound: Bool { bits == 0 }
    @inline(__always) var isNone: Bool { bits == 0b0010 }
    @inline(__always) var isBool: Bool { bits & 0b0111 == 0b0110 }
    @inline(__always) var isTrue: Bool { bits == 0b1110 }
    @inline(__always) var isSmallInt: Bool { bits & 1 != 0 }
    /// False for the unbound word.
    @inline(__always) var isObject: Bool { bits & 0b0111 == 0 && bits != 0 }

    /// The integer, if `isSmallInt`.
    @inline(__always) var smallInt: Int { Int(bitPattern: bits) &>> 1 }
    /// The object, if `isObject`.
    @inline(__always) var object: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: bits).unsafelyUnwrapped
    }
    /// The header, if `isObject`.
    @inline(__always) var header: UnsafeMutablePointer<ObjectHeader> {
        object.assumingMemoryBound(to: ObjectHeader.self)
    }

    /// Whether this is an object of the given type.
    @inline(__always)
    func isObject(_ type: ObjectType) -> Bool { isObject && header.pointee.type == type }

    /// Identity: the same word. Equal strings may be different objects.
    @inline(__always)
    func isIdentical(to other: Value) -> Bool { bits == other.bits }

    static let smallIntRange = Int.min >> 1...Int.max >> 1

    @inline(__always)
    static func fitsSmallInt(_ int: Int) -> Bool { (int &<< 1) &>> 1 == int }
}

/// The types of heap objects.
enum ObjectType: UInt8 {
    /// Left behind by a copy; the word after the header points to the new place.
    case forwarded
    case string, bytes, bigInt, float
    case list, tuple, dict, set, range
    case function, builtin
    case structure, module
    /// What `string.elems()` and its kin return.
    case stringElements
    /// A Swift object of the host.
    case host
    // Not values of the language:
    /// A variable that nested functions share.
    case cell
    /// The sorted field names of structures.
    case shape
}

/// The first eight bytes of every object.
struct ObjectHeader {
    var type: ObjectType
    var flags: ObjectFlags
    /// How many iterations over a mutable container are under way; mutation is an error while not 0.
    var iterations: UInt16 = 0
    /// Depends on the type: cached hash of a string, number of items of a list, …
    var auxiliary: UInt32 = 0
}

struct ObjectFlags: OptionSet {
    let rawValue: UInt8
    /// No longer mutable.
    static let frozen = ObjectFlags(rawValue: 1)
    /// In a frozen heap: never moved, shared between threads.
    static let permanent = ObjectFlags(rawValue: 2)
    /// In a block of its own: kept, not copied, by a collection.
    static let large = ObjectFlags(rawValue: 4)
    /// A large object that the collection under way has reached.
    static let marked = ObjectFlags(rawValue: 8)
}
