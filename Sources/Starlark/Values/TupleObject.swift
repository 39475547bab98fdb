/// A tuple. Layout: header (auxiliary: number of items), the items.
struct TupleObject {
    let pointer: UnsafeMutablePointer<ObjectHeader>
    static let headSize = MemoryLayout<ObjectHeader>.size

    @inline(__always)
    init(_ value: Value) { pointer = value.header }

    @inline(__always) var value: Value { Value(object: UnsafeMutableRawPointer(pointer)) }
    @inline(__always) var count: Int { Int(pointer.pointee.auxiliary) }
    @inline(__always) var items: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(pointer) + TupleObject.headSize)
            .assumingMemoryBound(to: Value.self)
    }
    @inline(__always) var buffer: UnsafeMutableBufferPointer<Value> {
        UnsafeMutableBufferPointer(start: items, count: count)
    }
}

extension Arena {
    /// A tuple of `count` items that the caller fills in at once.
    @inline(__always)
    func makeTuple(count: Int) throws(Failure) -> TupleObject {
        // Every object has room for the pointer that a collection leaves behind.
        let size = TupleObject.headSize &+ max(count, 1) &* MemoryLayout<Value>.size
        let memory = try allocate(size)
        memory.assumingMemoryBound(to: ObjectHeader.self).initialize(
            to: ObjectHeader(
                type: .tuple, flags: size > Arena.largeSize ? [.large, .frozen] : .frozen,
                auxiliary: UInt32(truncatingIfNeeded: count)))
        return TupleObject(Value(object: memory))
    }

    func makeTuple(_ items: Value...) throws(Failure) -> Value {
        let tuple = try makeTuple(count: items.count)
        for (index, item) in items.enumerated() { tuple.items[index] = item }
        return tuple.value
    }

    func makeTuple(copying items: UnsafeMutableBufferPointer<Value>) throws(Failure) -> TupleObject
    {
        let tuple = try makeTuple(count: items.count)
        if let base = items.baseAddress { tuple.items.update(from: base, count: items.count) }
        return tuple
    }
}
