extension StringMethods {
    static func upper(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        return try mapped(
            call, ascii: { 97...122 ~= $0 ? $0 & 0xdf : $0 }, others: CodePoint.uppercase)
    }

    static func lower(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        return try mapped(
            call, ascii: { 65...90 ~= $0 ? $0 | 0x20 : $0 }, others: CodePoint.lowercase)
    }

    /// Maps every code point. Bytes that are no UTF-8 stay.
    @inline(__always)
    private static func mapped(
        _ call: borrowing Call, ascii: (UInt8) -> UInt8, others: (UInt32) -> UInt32
    ) throws(Failure) -> Value {
        let string = StringObject(call.receiver)
        let count = string.count
        var union: UInt8 = 0
        for byte in string.bytes { union |= byte }
        if union < 0x80 {
            let result = try call.arena.makeString(count: count)
            let (source, target) = (string.start, result.start)
            for index in 0..<count { target[index] = ascii(source[index]) }
            return result.value
        }
        var text = ByteBuilder(call.arena)
        try forEachCodePoint(of: string) { next, bytes throws(Failure) in
            if next.isInvalid {
                try text.append(bytes)
            } else {
                try text.append(codePoint: others(next.value))
            }
        }
        return try text.makeString()
    }

    static func capitalize(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        var text = ByteBuilder(call.arena)
        try forEachCodePoint(of: StringObject(call.receiver)) { next, bytes throws(Failure) in
            if next.isInvalid {
                try text.append(bytes)
            } else if text.count == 0 {
                try text.append(codePoint: CodePoint.titlecase(next.value))
            } else {
                try text.append(codePoint: CodePoint.lowercase(next.value))
            }
        }
        return try text.makeString()
    }

    /// Title case for what follows something without case, lower case for the rest.
    static func title(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        var text = ByteBuilder(call.arena)
        var followsCased = false
        try forEachCodePoint(of: StringObject(call.receiver)) { next, bytes throws(Failure) in
            if next.isInvalid {
                try text.append(bytes)
            } else if followsCased {
                try text.append(codePoint: CodePoint.lowercase(next.value))
            } else {
                try text.append(codePoint: CodePoint.titlecase(next.value))
            }
            followsCased = CodePoint.isCased(next.value)
        }
        return try text.makeString()
    }

    @inline(__always)
    private static func forEachCodePoint(
        of string: StringObject,
        _ body: (CodePoint, UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var position = 0
        while position < string.count {
            let next = CodePoint(at: string.start + position, count: string.count &- position)
            try body(next, string.bytes.part(position, position &+ next.width))
            position &+= next.width
        }
    }

    // MARK: Questions

    static func isalnum(_ call: borrowing Call) throws(Failure) -> Value {
        try all(call) { CodePoint.isLetter($0) || CodePoint.isDigit($0) }
    }

    static func isalpha(_ call: borrowing Call) throws(Failure) -> Value {
        try all(call, CodePoint.isLetter)
    }

    static func isdigit(_ call: borrowing Call) throws(Failure) -> Value {
        try all(call, CodePoint.isDigit)
    }

    static func isspace(_ call: borrowing Call) throws(Failure) -> Value {
        try all(call) { CodePoint.isSpace($0) }
    }

    /// Whether the receiver is not empty and every code point satisfies the condition.
    @inline(__always)
    private static func all(
        _ call: borrowing Call, _ condition: (UInt32) -> Bool
    ) throws(Failure) -> Value {
        try call.expect(0)
        let string = StringObject(call.receiver)
        var position = 0
        while position < string.count {
            let next = CodePoint(at: string.start + position, count: string.count &- position)
            if !condition(next.value) { return .false }
            position &+= next.width
        }
        return Value(string.count > 0)
    }

    static func islower(_ call: borrowing Call) throws(Failure) -> Value {
        try hasOneCase(call, CodePoint.lowercase)
    }

    static func isupper(_ call: borrowing Call) throws(Failure) -> Value {
        try hasOneCase(call, CodePoint.uppercase)
    }

    /// Whether something has case, and the mapping would change nothing.
    @inline(__always)
    private static func hasOneCase(
        _ call: borrowing Call, _ mapping: (UInt32) -> UInt32
    ) throws(Failure) -> Value {
        try call.expect(0)
        let string = StringObject(call.receiver)
        var (position, isCased) = (0, false)
        while position < string.count {
            let next = CodePoint(at: string.start + position, count: string.count &- position)
            if mapping(next.value) != next.value { return .false }
            isCased = isCased || CodePoint.isCased(next.value)
            position &+= next.width
        }
        return Value(isCased)
    }

    /// Upper and title case only after something without case, lower case only after the others.
    static func istitle(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        let string = StringObject(call.receiver)
        var (position, hasWord, followsCased) = (0, false, false)
        while position < string.count {
            let next = CodePoint(at: string.start + position, count: string.count &- position)
            position &+= next.width
            if CodePoint.isUppercaseOrTitlecase(next.value) {
                if followsCased || CodePoint.titlecase(next.value) != next.value { return .false }
                (hasWord, followsCased) = (true, true)
            } else if CodePoint.isLowercase(next.value) {
                if !followsCased { return .false }
            } else {
                followsCased = false
            }
        }
        return Value(hasWord)
    }
}
