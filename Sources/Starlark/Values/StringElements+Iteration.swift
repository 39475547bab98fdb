extension StringElementsObject {
    private var isOfBytes: Bool { string.pointer.pointee.header.type == .bytes }

    /// The element that begins at byte `position`, or unbound at the end. Moves `position` on.
    func element(at position: inout Int, in arena: Arena) throws(Failure) -> Value {
        let string = self.string
        guard position < string.count else { return .unbound }
        let start = position
        switch kind {
        case .elements, .ordinals:
            position &+= 1
            return element(start)
        case .codePoints, .codePointOrdinals:
            let next = CodePoint(at: string.start + start, count: string.count &- start)
            position &+= next.width
            if kind == .codePointOrdinals { return Value(smallInt: Int(next.value)) }
            if next.isInvalid { return try arena.makeString("\u{fffd}").value }
            return try arena.makeText(string.bytes.part(start, position))
        }
    }

    /// The element at `index`, if the elements are bytes.
    func element(_ index: Int) -> Value {
        let byte = string.start[index]
        return kind == .ordinals || isOfBytes
            ? Value(smallInt: Int(byte)) : SharedStrings.byte(byte)
    }
}
