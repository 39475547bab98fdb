extension StringMethods {
    static func find(_ call: borrowing Call) throws(Failure) -> Value {
        Value(smallInt: try search(call, last: false))
    }

    static func rfind(_ call: borrowing Call) throws(Failure) -> Value {
        Value(smallInt: try search(call, last: true))
    }

    static func index(_ call: borrowing Call) throws(Failure) -> Value {
        let offset = try search(call, last: false)
        if offset < 0 { throw call.failure("substring not found") }
        return Value(smallInt: offset)
    }

    static func rindex(_ call: borrowing Call) throws(Failure) -> Value {
        let offset = try search(call, last: true)
        if offset < 0 { throw call.failure("substring not found") }
        return Value(smallInt: offset)
    }

    /// The offset of the first argument in the part of the receiver that the others bound, or -1.
    @inline(__always)
    private static func search(_ call: borrowing Call, last: Bool) throws(Failure) -> Int {
        let count = try call.expect(1...3)
        let string = StringObject(call.receiver).bytes
        let sought = try call.string(0).bytes
        if count == 1 {
            return last ? ByteSearch.last(sought, in: string) : ByteSearch.first(sought, in: string)
        }
        let range = try call.bounds(call[1], call.optional(2), count: string.count)
        let part = string.part(range.lowerBound, range.upperBound)
        let offset = last ? ByteSearch.last(sought, in: part) : ByteSearch.first(sought, in: part)
        return offset < 0 ? offset : offset + range.lowerBound
    }

    static func count(_ call: borrowing Call) throws(Failure) -> Value {
        _ = try call.expect(1...3)
        let string = StringObject(call.receiver).bytes
        let sought = try call.string(0).bytes
        let range = try call.bounds(call.optional(1), call.optional(2), count: string.count)
        let part = string.part(range.lowerBound, range.upperBound)
        return Value(smallInt: ByteSearch.count(sought, in: part))
    }

    static func startswith(_ call: borrowing Call) throws(Failure) -> Value {
        try matchesEnd(call, ByteSearch.hasPrefix)
    }

    static func endswith(_ call: borrowing Call) throws(Failure) -> Value {
        try matchesEnd(call, ByteSearch.hasSuffix)
    }

    @inline(__always)
    private static func matchesEnd(
        _ call: borrowing Call,
        _ matches: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(Failure) -> Value {
        let count = try call.expect(1...3)
        var string = StringObject(call.receiver).bytes
        if count > 1 {
            let range = try call.bounds(call[1], call.optional(2), count: string.count)
            string = string.part(range.lowerBound, range.upperBound)
        }
        let affix = call[0]
        if affix.isString { return Value(matches(string, StringObject(affix).bytes)) }
        guard affix.isObject(.tuple) else {
            throw call.failure("got \(affix.typeName), want string or tuple of string")
        }
        for (index, item) in TupleObject(affix).buffer.enumerated() {
            guard item.isString else {
                throw call.failure("want string, got \(item.typeName), for element \(index)")
            }
            if matches(string, StringObject(item).bytes) { return .true }
        }
        return .false
    }

    static func removeprefix(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let (string, prefix) = (StringObject(call.receiver), try call.string(0))
        guard prefix.count > 0, ByteSearch.hasPrefix(string.bytes, prefix.bytes)
        else { return call.receiver }
        return try call.arena.makeText(string.bytes.part(prefix.count, string.count))
    }

    static func removesuffix(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let (string, suffix) = (StringObject(call.receiver), try call.string(0))
        guard suffix.count > 0, ByteSearch.hasSuffix(string.bytes, suffix.bytes)
        else { return call.receiver }
        return try call.arena.makeText(string.bytes.part(0, string.count - suffix.count))
    }
}
