@testable import Starlark

/// Random numbers from a seed, the same on every run (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// Limbs as carries and borrows dislike them: runs of zeros and ones among random ones.
    mutating func limbs(_ count: Int) -> [UInt] {
        (0..<count).map { _ in
            switch next() % 8 {
            case 0: 0
            case 1: UInt.max
            case 2: 1 << (next() % 64)
            case 3: 0 &- 1 << (next() % 64)
            case 4: UInt.max - UInt(next() % 3)
            default: UInt(next())
            }
        }
    }

    /// An integer of up to `maximumLimbs` limbs; small ones are as frequent as large ones.
    mutating func integer(maximumLimbs: Int) -> ReferenceInteger {
        let count = Int(next() % UInt64(maximumLimbs + 1))
        var digits: [UInt32] = []
        for limb in limbs(count) {
            for part in 0..<4 { digits.append(UInt32(limb >> (UInt(part) * 16) & 0xffff)) }
        }
        if next() % 4 == 0, let last = digits.indices.last { digits[last] >>= UInt32(next() % 16) }
        return ReferenceInteger(digits: digits, isNegative: next() % 2 == 0)
    }
}

/// A heap for one test. It is never freed: the values that a test holds do not keep it alive, and the optimiser
/// ends the life of what is not used any more.
struct TestHeap {
    let heap = Unmanaged.passRetained(Heap()).takeUnretainedValue()
    var arena: Arena { heap.arena }

    func text(_ value: Value, base: Int = 10) throws -> String {
        var builder = ByteBuilder(arena)
        try builder.append(integer: value, base: base)
        return String(decoding: builder.bytes, as: UTF8.self)
    }

    func text(_ number: Double, _ style: FloatStyle = .compact) throws -> String {
        var builder = ByteBuilder(arena)
        try builder.append(float: number, style: style)
        return String(decoding: builder.bytes, as: UTF8.self)
    }

    func parse(_ text: String, base: Int = 10) throws -> Value? {
        var text = text
        return try text.withUTF8 { try NumberText.parseInt($0, base: base, in: arena) }
    }

    func string(_ text: String) throws -> Value { try arena.makeString(text).value }

    /// The message of the failure that `body` ends with, or nil.
    func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
        } catch let failure as Failure {
            return failure.details.message
        } catch {
            return "\(error)"
        }
        return nil
    }
}
