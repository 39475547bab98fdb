#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes that grow at the end, to become a string. Its buffer is lent by the arena and goes back there.
struct ByteBuilder: ~Copyable {
    private let arena: Arena
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(_ arena: Arena) {
        self.arena = arena
        if let spare = arena.state.pointee.spareBuffer {
            arena.state.pointee.spareBuffer = nil
            start = spare.assumingMemoryBound(to: UInt8.self)
            capacity = arena.state.pointee.spareBufferCapacity
        } else {
            capacity = 256
            start = Arena.systemAllocate(capacity).assumingMemoryBound(to: UInt8.self)
        }
    }

    deinit {
        // A very large buffer is not kept: it may never be needed again.
        if arena.state.pointee.spareBuffer == nil, capacity <= 1 << 20 {
            arena.state.pointee.spareBuffer = UnsafeMutableRawPointer(start)
            arena.state.pointee.spareBufferCapacity = capacity
        } else {
            free(start)
        }
    }

    /// What was written so far; valid until the next change.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    @inline(__always)
    mutating func append(_ byte: UInt8) throws(Failure) {
        if count == capacity { try grow(1) }
        start[count] = byte
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        if bytes.count > capacity &- count { try grow(bytes.count) }
        if let base = bytes.baseAddress {
            (start + count).update(from: base, count: bytes.count)
        }
        count &+= bytes.count
    }

    mutating func append(_ text: StaticString) throws(Failure) {
        try append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Disfavoured, so that a literal is taken as static text, which is copied in one go.
    @_disfavoredOverload
    mutating func append(_ text: String) throws(Failure) {
        for byte in text.utf8 { try append(byte) }
    }

    mutating func append(repeating byte: UInt8, count times: Int) throws(Failure) {
        guard times > 0 else { return }
        if times > capacity - count { try grow(times) }
        (start + count).update(repeating: byte, count: times)
        count += times
    }

    /// Room for `more` bytes, for the caller to write and then count by `advance`.
    @inline(__always)
    mutating func reserve(_ more: Int) throws(Failure) -> UnsafeMutablePointer<UInt8> {
        if more > capacity &- count { try grow(more) }
        return start + count
    }

    /// Counts bytes that were written to what `reserve` gave.
    @inline(__always)
    mutating func advance(by written: Int) { count &+= written }

    /// Takes back all but the first `newCount` bytes.
    mutating func truncate(to newCount: Int) { count = newCount }

    @inline(never)
    private mutating func grow(_ more: Int) throws(Failure) {
        try arena.checkSize(count + more)
        let wanted = max(capacity * 2, count + more)
        guard let grown = realloc(start, wanted) else {
            throw Failure.limit("out of memory: cannot allocate \(wanted) bytes")
        }
        start = grown.assumingMemoryBound(to: UInt8.self)
        capacity = wanted
    }

    /// The bytes as a string (or `bytes`) of the arena.
    func makeString(_ type: ObjectType = .string) throws(Failure) -> Value {
        try arena.makeString(bytes, type: type).value
    }
}
