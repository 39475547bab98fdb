/// An integer of any size as sign and magnitude, borrowed from where it lies.
struct IntegerView {
    let limbs: Limbs.Pointer
    /// The number of limbs; the last is not 0, and 0 has none.
    let count: Int
    let isNegative: Bool

    @inline(__always)
    init(_ limbs: Limbs.Pointer, count: Int, isNegative: Bool) {
        self.limbs = limbs
        self.count = count
        self.isNegative = isNegative
    }

    /// A view of an integer value. `word` is where the magnitude of a small one stands.
    @inline(__always)
    init(_ value: Value, word: Limbs.Pointer) {
        if value.isSmallInt {
            let int = value.smallInt
            word.pointee = int.magnitude
            self.init(word, count: int == 0 ? 0 : 1, isNegative: int < 0)
        } else {
            self.init(BigIntObject(value))
        }
    }

    @inline(__always)
    init(_ object: BigIntObject) {
        self.init(object.limbs, count: object.count, isNegative: object.isNegative)
    }

    /// Less than 0, 0 or more than 0, by the magnitudes.
    @inline(__always)
    func compareMagnitude(_ other: IntegerView) -> Int {
        Limbs.compare(limbs, count, other.limbs, other.count)
    }

    /// Less than 0, 0 or more than 0.
    func compare(_ other: IntegerView) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        return isNegative ? other.compareMagnitude(self) : compareMagnitude(other)
    }

    var bitCount: Int { Limbs.bitCount(limbs, count) }
}

extension Value {
    /// A view of an integer value while `body` runs.
    @inline(__always)
    func withIntegerView<Result, Problem: Error>(
        _ body: (IntegerView) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        var word: UInt = 0
        return try withUnsafeMutablePointer(to: &word) { (word) throws(Problem) -> Result in
            try body(IntegerView(self, word: word))
        }
    }

    /// Views of two integer values while `body` runs.
    @inline(__always)
    static func withIntegerViews<Result, Problem: Error>(
        _ x: Value, _ y: Value, _ body: (IntegerView, IntegerView) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        try x.withIntegerView { (x: IntegerView) throws(Problem) -> Result in
            try y.withIntegerView { (y: IntegerView) throws(Problem) -> Result in try body(x, y) }
        }
    }
}

extension Arena {
    /// No integer may have more bits, about five million decimal digits. The product of two of this
    /// size takes about a second, and nothing can interrupt it.
    static let maximumIntegerBits = 1 << 24

    /// An integer object of `count` limbs, at least one, for the caller to fill in and pass to
    /// `finish`.
    @inline(__always)
    func makeLimbs(_ count: Int) throws(Failure) -> BigIntObject {
        // Two limbs more than the limit are room for a carry and for a product's top limb.
        if count > Arena.maximumIntegerBits / UInt.bitWidth + 2 { throw integerTooLarge }
        return BigIntObject(try makeBigInt(limbCount: count, negative: false))
    }

    /// The integer in the first `count` limbs of an object just made by `makeLimbs`: a small
    /// integer if it fits. Memory that the object turns out not to need is taken back.
    @inline(__always)
    func finish(_ object: BigIntObject, count capacity: Int, isNegative: Bool) -> Value {
        let limbs = object.limbs
        let count = Limbs.trimmed(limbs, capacity)
        if count < 2 {
            let magnitude = count == 0 ? 0 : limbs[0]
            // One more below zero than above.
            if magnitude < 1 << 62 || (isNegative && magnitude == 1 << 62) {
                let int = Int(bitPattern: isNegative ? 0 &- magnitude : magnitude)
                takeBack(from: object.pointer, to: limbs + capacity, large: object.isLarge)
                return Value(smallInt: int)
            }
        }
        object.pointer.pointee.auxiliary =
            UInt32(truncatingIfNeeded: count) &<< 1 | (isNegative ? 1 : 0)
        if count < capacity, !object.isLarge {
            takeBack(from: limbs + count, to: limbs + capacity, large: false)
        }
        return Value(object: UnsafeMutableRawPointer(object.pointer))
    }

    /// Frees the end of what was allocated last, or all of it if it is a block of its own.
    @inline(__always)
    private func takeBack(
        from start: UnsafeMutableRawPointer, to end: UnsafeMutableRawPointer, large: Bool
    ) {
        if !large, state.pointee.cursor == end { state.pointee.cursor = start }
    }

    var integerTooLarge: Failure {
        .limit("integer too large: more than \(Arena.maximumIntegerBits) bits")
    }
}

extension BigIntObject {
    @inline(__always)
    fileprivate var isLarge: Bool { pointer.pointee.flags.contains(.large) }
}
