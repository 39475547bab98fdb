extension StringFormat {
    /// `pattern % operand`. A tuple gives the values in turn, a dict by name, anything else is
    /// the only value.
    static func interpolate(
        _ pattern: StringObject, _ operand: Value, in arena: Arena
    ) throws(Failure) -> Value {
        let pattern = pattern.bytes
        var text = ByteBuilder(arena)
        var operands = Operands(operand)
        var position = 0
        while position < pattern.count {
            let start = position
            while position < pattern.count, pattern[position] != percent { position &+= 1 }
            try text.append(pattern.part(start, position))
            if position == pattern.count { break }
            position += 1
            if position < pattern.count, pattern[position] == percent {
                try text.append(percent)
                position += 1
                continue
            }
            let value: Value
            if position < pattern.count, pattern[position] == UInt8(ascii: "(") {
                value = try operands.named(in: pattern, at: &position, arena)
            } else {
                value = try operands.next()
            }
            guard position < pattern.count else { throw Failure("incomplete format") }
            try append(value, conversion: pattern[position], to: &text, arena)
            position += 1
        }
        try operands.finish()
        return try text.makeString()
    }

    private static var percent: UInt8 { UInt8(ascii: "%") }

    private struct Operands {
        private let operand: Value
        private let count: Int
        private var index = 0

        init(_ operand: Value) {
            self.operand = operand
            count = operand.isObject(.tuple) ? TupleObject(operand).count : 1
        }

        mutating func next() throws(Failure) -> Value {
            guard index < count else { throw Failure("not enough arguments for format string") }
            index += 1
            return operand.isObject(.tuple) ? TupleObject(operand).items[index - 1] : operand
        }

        /// The value of `(name)`, whose parenthesis is at `position`. Moves behind it.
        mutating func named(
            in pattern: UnsafeBufferPointer<UInt8>, at position: inout Int, _ arena: Arena
        ) throws(Failure) -> Value {
            let start = position + 1
            var end = start
            while end < pattern.count, pattern[end] != UInt8(ascii: ")") { end += 1 }
            guard end < pattern.count else { throw Failure("incomplete format key") }
            guard operand.isObject(.dict) else { throw Failure("format requires a mapping") }
            let key = try arena.makeText(pattern.part(start, end))
            guard let value = try TableObject(operand).get(key) else {
                throw Failure("key not found: \(StringObject(key).text)")
            }
            position = end + 1
            // A conversion by name counts as one that uses up a value.
            index += 1
            return value
        }

        func finish() throws(Failure) {
            if index < count, !operand.isObject(.dict) {
                throw Failure("too many arguments for format string")
            }
        }
    }

    private static func append(
        _ value: Value, conversion: UInt8, to text: inout ByteBuilder, _ arena: Arena
    ) throws(Failure) {
        switch conversion {
        case UInt8(ascii: "s"):
            try text.append(str: value)
        case UInt8(ascii: "r"): try text.append(repr: value)
        case UInt8(ascii: "d"), UInt8(ascii: "i"):
            try text.append(integer: integer(value, conversion, arena))
        case UInt8(ascii: "o"):
            try text.append(integer: integer(value, conversion, arena), base: 8)
        case UInt8(ascii: "x"):
            try text.append(integer: integer(value, conversion, arena), base: 16)
        case UInt8(ascii: "X"):
            try text.append(integer: integer(value, conversion, arena), base: 16, uppercase: true)
        case UInt8(ascii: "e"): try text.append(float: float(value, conversion), style: .exponent)
        case UInt8(ascii: "f"): try text.append(float: float(value, conversion), style: .fixed)
        case UInt8(ascii: "g"): try text.append(float: float(value, conversion))
        case UInt8(ascii: "E"):
            try text.append(float: float(value, conversion), style: .exponent, uppercase: true)
        case UInt8(ascii: "F"):
            try text.append(float: float(value, conversion), style: .fixed, uppercase: true)
        case UInt8(ascii: "G"):
            try text.append(float: float(value, conversion), uppercase: true)
        case UInt8(ascii: "c"): try appendCharacter(value, to: &text, arena)
        case percent: try text.append(percent)
        default: throw Failure("unknown conversion %\(character(conversion))")
        }
    }

    private static func character(_ byte: UInt8) -> Unicode.Scalar { Unicode.Scalar(byte) }

    /// The integer to print; floats are truncated.
    private static func integer(
        _ value: Value, _ conversion: UInt8, _ arena: Arena
    ) throws(Failure) -> Value {
        if value.isInt { return value }
        let wanted = "%\(character(conversion)) format requires integer"
        do throws(Failure) {
            if let integer = try Arithmetic.truncate(value, in: arena) { return integer }
        } catch { throw Failure("\(wanted): \(error.details.message)") }
        throw Failure("\(wanted): cannot convert \(value.typeName) to int")
    }

    private static func float(
        _ value: Value, _ conversion: UInt8
    ) throws(Failure) -> Double {
        if let number = try Arithmetic.double(value) { return number }
        throw Failure("%\(character(conversion)) format requires float, not \(value.typeName)")
    }

    private static func appendCharacter(
        _ value: Value, to text: inout ByteBuilder, _ arena: Arena
    ) throws(Failure) {
        if value.isInt {
            guard let code = value.asInt, 0...Int(CodePoint.maximum) ~= code else {
                throw Failure(
                    "%c format requires a valid Unicode code point, "
                        + "got \(value.excerpt(in: arena))")
            }
            return try text.append(codePoint: UInt32(truncatingIfNeeded: code))
        }
        guard value.isString else {
            throw Failure(
                "%c format requires int or single-character string, not \(value.typeName)")
        }
        let string = StringObject(value)
        guard string.count > 0,
            CodePoint(at: string.start, count: string.count).width == string.count
        else { throw Failure("%c format requires a single-character string") }
        try text.append(string.bytes)
    }
}
