/// The empty string and the 256 strings of one byte, made once for the process.
///
/// They are permanent objects outside every arena, so that indexing, splitting and iterating over
/// strings allocates nothing for them.
enum SharedStrings {
    private static let stride = StringObject.headSize + 8

    // Safe: written once before anyone sees it, and never freed.
    nonisolated(unsafe) private static let memory: UnsafeMutableRawPointer = {
        let memory = Arena.systemAllocate(257 * stride)
        for index in 0...256 {
            let string = StringObject(Value(object: memory + index * stride))
            string.pointer.initialize(
                to: .init(
                    header: ObjectHeader(type: .string, flags: .frozen),
                    count: index == 256 ? 0 : 1))
            string.start[0] = UInt8(truncatingIfNeeded: index)
            _ = string.value.madePermanent()
        }
        return memory
    }()

    static var empty: Value { Value(object: memory + 256 * stride) }

    static func byte(_ byte: UInt8) -> Value { Value(object: memory + Int(byte) * stride) }
}

extension Arena {
    /// A string with these bytes, shared if it has one or none.
    @inline(__always)
    func makeText(_ bytes: UnsafeBufferPointer<UInt8>) throws(Failure) -> Value {
        if bytes.count <= 1 {
            return bytes.count == 0 ? SharedStrings.empty : SharedStrings.byte(bytes[0])
        }
        return try makeString(bytes).value
    }
}
