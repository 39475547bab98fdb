/// Reads a JSON text into a value: objects become dicts, arrays lists, numbers with a point or an
/// exponent floats. The last of equal keys wins, as in starlark-go.
struct JSONDecoder {
    private var text: JSONText
    private let arena: Arena
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ arena: Arena) {
        text = JSONText(bytes)
        self.arena = arena
    }

    /// The value of the whole text.
    mutating func decode() throws(Failure) -> Value {
        let value = try decodeValue()
        try text.expectEnd()
        return value
    }

    private mutating func decodeValue() throws(Failure) -> Value {
        let byte = try text.next()
        switch byte {
        case UInt8(ascii: "\""): return try decodeString()
        case UInt8(ascii: "["): return try decodeArray()
        case UInt8(ascii: "{"): return try decodeObject()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try decodeNumber()
        case UInt8(ascii: "n"): if text.skip("null") { return .none }
        case UInt8(ascii: "t"): if text.skip("true") { return .true }
        case UInt8(ascii: "f"): if text.skip("false") { return .false }
        default: break
        }
        throw text.unexpectedCharacter()
    }

    @inline(never)
    private mutating func decodeArray() throws(Failure) -> Value {
        try enter()
        let list = try arena.makeList(capacity: 0)
        if try text.next() != UInt8(ascii: "]") {
            while true {
                try list.append(try decodeValue(), in: arena)
                let byte = try text.next()
                if byte == UInt8(ascii: "]") { break }
                if byte != UInt8(ascii: ",") {
                    throw text.failure("got \(JSONText.quoted(byte)), want ',' or ']'")
                }
                text.position += 1
            }
        }
        leave()
        return list.value
    }

    @inline(never)
    private mutating func decodeObject() throws(Failure) -> Value {
        try enter()
        let dict = try arena.makeTable(.dict)
        if try text.next() != UInt8(ascii: "}") {
            while true {
                let key = try decodeKey()
                try dict.set(key, try decodeValue(), in: arena)
                let byte = try text.next()
                if byte == UInt8(ascii: "}") { break }
                if byte != UInt8(ascii: ",") {
                    throw text.failure("in object, got \(JSONText.quoted(byte)), want ',' or '}'")
                }
                text.position += 1
            }
        }
        leave()
        return dict.value
    }

    /// A key and the colon after it.
    private mutating func decodeKey() throws(Failure) -> Value {
        let key: Value
        if try text.next() == UInt8(ascii: "\"") {
            key = try decodeString()
        } else {
            key = try decodeValue()
            throw text.failure("got \(key.typeName) for object key, want string")
        }
        let byte = try text.next()
        if byte != UInt8(ascii: ":") {
            throw text.failure("after object key, got \(JSONText.quoted(byte)), want ':'")
        }
        text.position += 1
        return key
    }

    /// Passes an opening bracket.
    private mutating func enter() throws(Failure) {
        if depth >= Effort.maximumDepth { throw text.failure("nesting depth limit exceeded") }
        depth += 1
        text.position += 1
    }

    /// Passes a closing bracket.
    private mutating func leave() {
        depth -= 1
        text.position += 1
    }

    @inline(never)
    private mutating func decodeNumber() throws(Failure) -> Value {
        let (content, isFloat) = try text.skipNumber()
        let bytes = UnsafeBufferPointer(rebasing: text.bytes[content])
        if isFloat {
            guard case .number(let number) = NumberText.parseFloat(bytes) else {
                throw text.invalidNumber(content)
            }
            return arena.makeFloat(number)
        }
        guard let number = try NumberText.parseInt(bytes, in: arena) else {
            throw text.invalidNumber(content)
        }
        return number
    }

    @inline(never)
    private mutating func decodeString() throws(Failure) -> Value {
        let (content, isPlain) = try text.skipString()
        if isPlain {
            return try arena.makeString(UnsafeBufferPointer(rebasing: text.bytes[content])).value
        }
        var result = ByteBuilder(arena)
        var index = content.lowerBound
        while index < content.upperBound {
            if text.bytes[index] == UInt8(ascii: "\\") {
                try decodeEscape(&index, end: content.upperBound, into: &result)
                continue
            }
            let start = index
            while index < content.upperBound, text.bytes[index] != UInt8(ascii: "\\") {
                index &+= 1
            }
            let run = UnsafeBufferPointer(rebasing: text.bytes[start..<index])
            try result.append(repairing: run)
        }
        return try result.makeString()
    }

    /// Reads the escape whose backslash is at `index`.
    private func decodeEscape(
        _ index: inout Int, end: Int, into result: inout ByteBuilder
    ) throws(Failure) {
        let start = index
        // A backslash before the closing quote would have escaped that.
        let byte = text.bytes[index + 1]
        index += 2
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): try result.append(byte)
        case UInt8(ascii: "b"): try result.append(0x08)
        case UInt8(ascii: "f"): try result.append(0x0c)
        case UInt8(ascii: "n"): try result.append(0x0a)
        case UInt8(ascii: "r"): try result.append(0x0d)
        case UInt8(ascii: "t"): try result.append(0x09)
        case UInt8(ascii: "u"):
            var unit = try decodeUnit(&index, end: end, escape: start)
            // The second half of a pair, which no first half may go without.
            if unit & 0xfc00 == 0xd800, index + 1 < end, text.bytes[index] == UInt8(ascii: "\\"),
                text.bytes[index + 1] == UInt8(ascii: "u")
            {
                var next = index + 2
                let second = try decodeUnit(&next, end: end, escape: index)
                if second & 0xfc00 == 0xdc00 {
                    unit = 0x10000 + (unit & 0x3ff) << 10 + second & 0x3ff
                    index = next
                }
            }
            // Half a pair alone denotes no character and is replaced.
            try result.append(codePoint: unit)
        default:
            let name = JSONText.quoted(byte).dropFirst()
            throw text.failure("invalid escape '\\\(name)", at: start)
        }
    }

    /// Four hexadecimal digits.
    private func decodeUnit(
        _ index: inout Int, end: Int, escape: Int
    ) throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for offset in 0..<4 {
            let digit =
                index + offset < end
                ? NumberText.value(ofDigit: text.bytes[index + offset]) : 36
            if digit >= 16 { throw text.failure("incomplete \\uXXXX escape", at: escape) }
            unit = unit << 4 | UInt32(digit)
        }
        index += 4
        return unit
    }
}
