/// A string: UTF-8 bytes, whose elements are the bytes (as in starlark-go), or a `bytes` value.
///
/// Layout: header (auxiliary: cached hash, 0 while unknown), length in bytes, the bytes.
/// Text made by slicing may be invalid UTF-8; it is repaired where it leaves (print, Swift).
struct StringObject {
    struct Layout {
        var header: ObjectHeader
        var count: Int
    }

    let pointer: UnsafeMutablePointer<Layout>
    static let headSize = MemoryLayout<Layout>.size

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always)
    init(_ pointer: UnsafeMutablePointer<Layout>) { self.pointer = pointer }

    @inline(__always) var value: Value { Value(object: UnsafeMutableRawPointer(pointer)) }
    /// Length in bytes.
    @inline(__always) var count: Int { pointer.pointee.count }
    @inline(__always) var start: UnsafeMutablePointer<UInt8> {
        (UnsafeMutableRawPointer(pointer) + StringObject.headSize)
            .assumingMemoryBound(to: UInt8.self)
    }
    @inline(__always) var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start, count: count)
    }

    /// The cached hash, computed on first use. Never 0.
    ///
    /// Strings in permanent heaps are shared between threads and nothing is written to them: short ones
    /// are hashed when they are made, long ones each time.
    @inline(__always) var hash: UInt32 {
        let cached = pointer.pointee.header.auxiliary
        return cached != 0 ? cached : computeHash()
    }

    @inline(never)
    private func computeHash() -> UInt32 {
        let hash = ByteHash.hash(bytes)
        if !pointer.pointee.header.flags.contains(.permanent) {
            pointer.pointee.header.auxiliary = hash
        }
        return hash
    }

    @inline(__always)
    func equals(_ other: StringObject) -> Bool {
        if pointer == other.pointer { return true }
        let count = self.count
        if count != other.count { return false }
        let hash1 = pointer.pointee.header.auxiliary
        let hash2 = other.pointer.pointee.header.auxiliary
        if hash1 != 0 && hash2 != 0 && hash1 != hash2 { return false }
        return ByteHash.equal(start, other.start, count)
    }

    /// Less than 0, 0 or more than 0: by bytes, which for UTF-8 is by code points.
    func compare(_ other: StringObject) -> Int {
        ByteHash.compare(bytes, other.bytes)
    }

    /// The text for Swift; invalid UTF-8 is repaired.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Arena {
    /// A string (or `bytes`) of `count` bytes that the caller fills in at once.
    @inline(__always)
    func makeString(count: Int, type: ObjectType = .string) throws(Failure) -> StringObject {
        let size = StringObject.headSize &+ count
        let memory = try allocate(size)
        let string = StringObject(memory.assumingMemoryBound(to: StringObject.Layout.self))
        string.pointer.initialize(
            to: .init(
                header: ObjectHeader(type: type, flags: size > Arena.largeSize ? .large : []),
                count: count))
        return string
    }

    func makeString(
        _ bytes: UnsafeBufferPointer<UInt8>, type: ObjectType = .string
    ) throws(Failure) -> StringObject {
        let string = try makeString(count: bytes.count, type: type)
        if let base = bytes.baseAddress { string.start.update(from: base, count: bytes.count) }
        return string
    }

    func makeString(_ text: String) throws(Failure) -> StringObject {
        var text = text
        var result: StringObject?
        var failure: Failure?
        text.withUTF8 { bytes in
            do throws(Failure) { result = try makeString(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        return result.unsafelyUnwrapped
    }
}
