extension StringMethods {
    static func strip(_ call: borrowing Call) throws(Failure) -> Value {
        try strip(call, start: true, end: true)
    }

    static func lstrip(_ call: borrowing Call) throws(Failure) -> Value {
        try strip(call, start: true, end: false)
    }

    static func rstrip(_ call: borrowing Call) throws(Failure) -> Value {
        try strip(call, start: false, end: true)
    }

    private static func strip(
        _ call: borrowing Call, start: Bool, end: Bool
    ) throws(Failure) -> Value {
        let count = try call.expect(0...1)
        let set =
            count == 0 || call[0].isNone
            ? CodePointSet.space : CodePointSet(try call.string(0).bytes)
        let string = StringObject(call.receiver)
        var (low, high) = (0, string.count)
        if start {
            while low < high {
                let next = CodePoint(at: string.start + low, count: high - low)
                guard set.contains(next, string.start + low) else { break }
                low += next.width
            }
        }
        if end {
            while low < high {
                let last = CodePoint.last(of: string.start + low, count: high - low)
                guard set.contains(last, string.start + (high - last.width)) else { break }
                high -= last.width
            }
        }
        if low == 0, high == string.count { return call.receiver }
        return try call.arena.makeText(string.bytes.part(low, high))
    }
}

/// The characters to strip: those of ASCII as bits, the others searched for in the argument.
private struct CodePointSet {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var isSpace = false
    /// The argument, if it holds more than ASCII.
    private var bytes = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

    static var space: CodePointSet {
        var set = CodePointSet()
        set.isSpace = true
        return set
    }

    private init() {}

    /// No characters at all mean white space.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        isSpace = bytes.count == 0
        for byte in bytes {
            if byte < 64 {
                low |= 1 &<< UInt64(byte)
            } else if byte < 128 {
                high |= 1 &<< UInt64(byte & 63)
            } else {
                self.bytes = bytes
            }
        }
    }

    /// Whether a code point, read at `position`, is in the set. An invalid byte matches itself
    /// only.
    @inline(__always)
    func contains(_ codePoint: CodePoint, _ position: UnsafePointer<UInt8>) -> Bool {
        let value = codePoint.value
        if isSpace { return CodePoint.isSpace(value) }
        if value < 64 { return low &>> UInt64(value) & 1 != 0 }
        if value < 128 { return high &>> UInt64(value & 63) & 1 != 0 }
        let sought = UnsafeBufferPointer(start: position, count: codePoint.width)
        return bytes.count > 0 && containsBeyondASCII(codePoint, sought)
    }

    private func containsBeyondASCII(
        _ codePoint: CodePoint, _ sought: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        if !codePoint.isInvalid { return ByteSearch.first(sought, in: bytes) >= 0 }
        guard let start = bytes.baseAddress else { return false }
        var position = 0
        while position < bytes.count {
            let next = CodePoint(at: start + position, count: bytes.count - position)
            if next.isInvalid, bytes[position] == sought[0] { return true }
            position += next.width
        }
        return false
    }
}
