/// The iterable that `elems`, `elem_ords`, `codepoints` and `codepoint_ords` return.
///
/// Layout: header (auxiliary: the kind), the string or bytes.
struct StringElementsObject {
    enum Kind: UInt32 {
        /// Strings of one byte (of a string), or integers (of bytes).
        case elements
        /// Bytes as integers.
        case ordinals
        /// Strings of one code point.
        case codePoints
        /// Code points as integers.
        case codePointOrdinals
    }

    struct Layout {
        var header: ObjectHeader
        var string: Value
    }

    let pointer: UnsafeMutablePointer<Layout>

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    var kind: Kind { Kind(rawValue: pointer.pointee.header.auxiliary).unsafelyUnwrapped }
    var string: StringObject { StringObject(pointer.pointee.string) }
}

extension Arena {
    func makeStringElements(_ kind: StringElementsObject.Kind, of string: Value) -> Value {
        let memory = allocateSmall(MemoryLayout<StringElementsObject.Layout>.size)
        memory.assumingMemoryBound(to: StringElementsObject.Layout.self).initialize(
            to: .init(
                header: ObjectHeader(
                    type: .stringElements, flags: .frozen, auxiliary: kind.rawValue),
                string: string))
        return Value(object: memory)
    }
}
