/// A float. Layout: header, the number.
struct FloatObject {
    struct Layout {
        var header: ObjectHeader
        var number: Double
    }

    let pointer: UnsafeMutablePointer<Layout>

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always) var number: Double { pointer.pointee.number }
}

/// An integer that does not fit into 63 bits. Layout: header (auxiliary: twice the number of limbs, plus
/// 1 if negative), the limbs of the magnitude, least significant first, the last one not 0.
struct BigIntObject {
    let pointer: UnsafeMutablePointer<ObjectHeader>
    static let headSize = MemoryLayout<ObjectHeader>.size

    @inline(__always)
    init(_ value: Value) { pointer = value.header }

    @inline(__always) var isNegative: Bool { pointer.pointee.auxiliary & 1 != 0 }
    @inline(__always) var count: Int { Int(pointer.pointee.auxiliary &>> 1) }
    @inline(__always) var limbs: UnsafeMutablePointer<UInt> {
        (UnsafeMutableRawPointer(pointer) + BigIntObject.headSize)
            .assumingMemoryBound(to: UInt.self)
    }
}

/// A range. Layout: header, start, stop (as given, to be printed), step, number of elements.
struct RangeObject {
    struct Layout {
        var header: ObjectHeader
        var start: Int
        var stop: Int
        var step: Int
        var count: Int
    }

    let pointer: UnsafeMutablePointer<Layout>

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always) var start: Int { pointer.pointee.start }
    @inline(__always) var stop: Int { pointer.pointee.stop }
    @inline(__always) var step: Int { pointer.pointee.step }
    @inline(__always) var count: Int { pointer.pointee.count }
    /// The element at `index`, which is within the range.
    @inline(__always)
    func element(_ index: Int) -> Int { start &+ index &* step }
}

extension Arena {
    @inline(__always)
    func makeFloat(_ number: Double) -> Value {
        let memory = allocateSmall(MemoryLayout<FloatObject.Layout>.size)
        memory.assumingMemoryBound(to: FloatObject.Layout.self).initialize(
            to: .init(header: ObjectHeader(type: .float, flags: .frozen), number: number))
        return Value(object: memory)
    }

    /// An integer of any 64-bit value.
    @inline(__always)
    func makeInt(_ int: Int) -> Value {
        Value.fitsSmallInt(int) ? Value(smallInt: int) : makeBigInt(int)
    }

    @inline(never)
    func makeBigInt(_ int: Int) -> Value {
        let memory = allocateSmall(BigIntObject.headSize + MemoryLayout<UInt>.size)
        memory.assumingMemoryBound(to: ObjectHeader.self).initialize(
            to: ObjectHeader(type: .bigInt, flags: .frozen, auxiliary: int < 0 ? 3 : 2))
        let object = Value(object: memory)
        BigIntObject(object).limbs[0] = int.magnitude
        return object
    }

    /// Room for the magnitude of a big integer; the caller fills in the limbs and the last is not 0.
    func makeBigInt(limbCount: Int, negative: Bool) throws(Failure) -> Value {
        let size = BigIntObject.headSize + max(limbCount, 1) * MemoryLayout<UInt>.size
        let memory = try allocate(size)
        memory.assumingMemoryBound(to: ObjectHeader.self).initialize(
            to: ObjectHeader(
                type: .bigInt, flags: size > Arena.largeSize ? [.large, .frozen] : .frozen,
                auxiliary: UInt32(truncatingIfNeeded: limbCount) << 1 | (negative ? 1 : 0)))
        return Value(object: memory)
    }

    func makeRange(start: Int, stop: Int, step: Int, count: Int) -> Value {
        let memory = allocateSmall(MemoryLayout<RangeObject.Layout>.size)
        memory.assumingMemoryBound(to: RangeObject.Layout.self).initialize(
            to: .init(
                header: ObjectHeader(type: .range, flags: .frozen), start: start, stop: stop,
                step: step, count: count))
        return Value(object: memory)
    }
}
