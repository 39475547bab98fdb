#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A list. Layout: header (auxiliary: number of items), where the items are, room for how many.
struct ListObject {
    struct Layout {
        var header: ObjectHeader
        var items: UnsafeMutablePointer<Value>
        var capacity: Int
    }

    let pointer: UnsafeMutablePointer<Layout>
    static let size = MemoryLayout<Layout>.size
    /// The largest number of items: their buffer is an object's size at most.
    static let maximumCount = Arena.maximumObjectSize / MemoryLayout<Value>.size

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always) var value: Value { Value(object: UnsafeMutableRawPointer(pointer)) }
    @inline(__always) var count: Int {
        get { Int(pointer.pointee.header.auxiliary) }
        nonmutating set {
            pointer.pointee.header.auxiliary = UInt32(truncatingIfNeeded: newValue)
        }
    }
    @inline(__always) var items: UnsafeMutablePointer<Value> { pointer.pointee.items }
    @inline(__always) var buffer: UnsafeMutableBufferPointer<Value> {
        UnsafeMutableBufferPointer(start: items, count: count)
    }

    /// Fails if the list is frozen or being iterated over. `operation` completes "cannot …".
    @inline(__always)
    func checkMutable(_ operation: StaticString) throws(Failure) {
        let header = pointer.pointee.header
        if header.flags.contains(.frozen) || header.iterations != 0 {
            throw Failure.immutable(value, operation)
        }
    }

    /// Appends without a check for mutability.
    @inline(__always)
    func append(_ item: Value, in arena: Arena) throws(Failure) {
        let count = self.count
        if count == pointer.pointee.capacity { try reserve(count &+ 1, in: arena) }
        items[count] = item
        self.count = count &+ 1
    }

    /// Makes room for at least `minimum` items, and for more so that appending stays cheap.
    @inline(never)
    func reserve(_ minimum: Int, in arena: Arena) throws(Failure) {
        let capacity = pointer.pointee.capacity
        guard minimum > capacity else { return }
        guard minimum <= ListObject.maximumCount else {
            throw Failure.limit("list too long: more than \(ListObject.maximumCount) items")
        }
        let wanted = min(max(minimum, capacity * 2, 4), ListObject.maximumCount)
        pointer.pointee.items = try arena.growBuffer(
            items, from: capacity, to: wanted, using: count)
        pointer.pointee.capacity = wanted
    }

    /// Inserts without a check for mutability; `index` is in `0...count`.
    func insert(_ item: Value, at index: Int, in arena: Arena) throws(Failure) {
        let count = self.count
        try append(item, in: arena)
        guard index < count else { return }
        memmove(items + index + 1, items + index, (count - index) * MemoryLayout<Value>.size)
        items[index] = item
    }

    /// Removes without a check for mutability.
    func remove(at index: Int) -> Value {
        let item = items[index]
        let count = self.count - 1
        memmove(items + index, items + index + 1, (count - index) * MemoryLayout<Value>.size)
        self.count = count
        return item
    }
}

extension Arena {
    /// An empty list with room for `capacity` items.
    @inline(__always)
    func makeList(capacity: Int) throws(Failure) -> ListObject {
        let items: UnsafeMutablePointer<Value>
        if capacity == 0 {
            // Never written to: the capacity is 0.
            items = UnsafeMutableRawPointer(state).assumingMemoryBound(to: Value.self)
        } else {
            items = try allocate(capacity &* MemoryLayout<Value>.size)
                .assumingMemoryBound(to: Value.self)
        }
        let memory = allocateSmall(ListObject.size)
        let list = ListObject(Value(object: memory))
        list.pointer.initialize(
            to: .init(
                header: ObjectHeader(type: .list, flags: []), items: items, capacity: capacity))
        return list
    }

    func makeList(copying items: UnsafeMutableBufferPointer<Value>) throws(Failure) -> ListObject {
        let list = try makeList(capacity: items.count)
        if let base = items.baseAddress { list.items.update(from: base, count: items.count) }
        list.count = items.count
        return list
    }

    /// A buffer of `wanted` elements that begins with the first `count` of the old one.
    ///
    /// Buffers beyond `largeSize` are blocks and grow in place where the system can.
    func growBuffer<Element: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<Element>, from capacity: Int, to wanted: Int, using count: Int
    ) throws(Failure) -> UnsafeMutablePointer<Element> {
        let stride = MemoryLayout<Element>.stride
        if capacity * stride > Arena.largeSize {
            return try growBlock(UnsafeMutableRawPointer(old), to: wanted * stride)
                .assumingMemoryBound(to: Element.self)
        }
        let new = try allocate(wanted * stride).assumingMemoryBound(to: Element.self)
        new.update(from: old, count: count)
        return new
    }

    private func growBlock(
        _ old: UnsafeMutableRawPointer, to size: Int
    ) throws(Failure) -> UnsafeMutableRawPointer {
        let block = old - Arena.blockPrefixSize
        let prefix = block.assumingMemoryBound(to: Int.self)
        let (index, oldSize) = (prefix[0], prefix[1])
        try checkSize(size - oldSize)
        guard let grown = realloc(block, size + Arena.blockPrefixSize) else {
            throw Failure.limit("out of memory: cannot allocate \(size) bytes")
        }
        grown.assumingMemoryBound(to: Int.self)[1] = size
        state.pointee.blocks[index] = grown
        state.pointee.blockBytes += size - oldSize
        requestCollectionIfDue()
        return grown + Arena.blockPrefixSize
    }
}
