extension UniverseFunctions {
    static func abs(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        if let magnitude = try Arithmetic.magnitude(call[0], in: call.arena) { return magnitude }
        throw call.failure("got \(call[0].typeName), want int or float")
    }

    static func int(_ call: borrowing Call) throws(Failure) -> Value {
        let bound = try call.bind("x", "base?")
        let (number, base) = (bound[0], bound[1])
        if number.isString { return try int(StringObject(number), base, call) }
        if !base.isUnbound { throw call.failure("can't convert non-string with explicit base") }
        if number.isBool { return Value(smallInt: number.isTrue ? 1 : 0) }
        do throws(Failure) {
            if let integer = try Arithmetic.truncate(number, in: call.arena) { return integer }
        } catch { throw call.failure(error) }
        throw call.failure("cannot convert \(number.typeName) to int")
    }

    private static func int(
        _ string: StringObject, _ base: Value, _ call: borrowing Call
    ) throws(Failure) -> Value {
        var radix = 10
        if !base.isUnbound {
            guard base.isInt else {
                throw call.failure("for base, got \(base.typeName), want int")
            }
            radix = base.asInt ?? -1
            guard radix == 0 || 2...36 ~= radix else {
                throw call.failure("base must be an integer >= 2 && <= 36")
            }
        }
        if let result = try NumberText.parseInt(string.bytes, base: radix, in: call.arena) {
            return result
        }
        throw call.failure("invalid literal with base \(radix): \(string.text)")
    }

    static func float(_ call: borrowing Call) throws(Failure) -> Value {
        if try call.expect(0...1) == 0 { return call.arena.makeFloat(0) }
        let number = call[0]
        if number.isFloat { return number }
        if number.isBool { return call.arena.makeFloat(number.isTrue ? 1 : 0) }
        if let double = try Arithmetic.double(number) { return call.arena.makeFloat(double) }
        guard number.isString else {
            throw call.failure("got \(number.typeName), want number or string")
        }
        let string = StringObject(number)
        if string.count == 0 { throw call.failure("empty string") }
        switch NumberText.parseFloat(string.bytes) {
        case .number(let result): return call.arena.makeFloat(result)
        case .tooLarge: throw call.failure("floating-point number too large")
        case .invalid:
            throw call.failure("invalid float literal: \(string.text)")
        }
    }

    static func chr(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        guard call[0].isInt else { throw call.failure("got \(call[0].typeName), want int") }
        guard let code = call[0].asInt else {
            throw call.failure("\(call[0].excerpt(in: call.arena)) out of range")
        }
        if code < 0 { throw call.failure("Unicode code point \(code) out of range (<0)") }
        if code > Int(CodePoint.maximum) {
            let hexadecimal = String(code, radix: 16, uppercase: true)
            throw call.failure(
                "Unicode code point U+\(hexadecimal) out of range (>0x10FFFF)")
        }
        var text = ByteBuilder(call.arena)
        try text.append(codePoint: UInt32(truncatingIfNeeded: code))
        return try call.arena.makeText(text.bytes)
    }

    static func ord(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let isBytes = call[0].isObject(.bytes)
        guard call[0].isString || isBytes else {
            throw call.failure("got \(call[0].typeName), want string or bytes")
        }
        let string = StringObject(call[0])
        if isBytes {
            if string.count == 1 { return Value(smallInt: Int(string.start[0])) }
            throw call.failure("bytes has length \(string.count), want 1")
        }
        if string.count > 0 {
            let only = CodePoint(at: string.start, count: string.count)
            if only.width == string.count { return Value(smallInt: Int(only.value)) }
        }
        let count = CodePoint.count(in: string.bytes)
        throw call.failure("string encodes \(count) Unicode code points, want 1")
    }

    static func bytes(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let source = call[0]
        if source.isObject(.bytes) { return source }
        var text = ByteBuilder(call.arena)
        if source.isString {
            try text.append(repairing: StringObject(source).bytes)
            return try text.makeString(.bytes)
        }
        guard source.isIterable else {
            throw call.failure("got \(source.typeName), want string, bytes, or iterable of ints")
        }
        var iteration = try Iteration(over: source, in: call.arena)
        while let element = try iteration.next() {
            guard let byte = element.asInt.flatMap(UInt8.init(exactly:)) else {
                throw badByte(element, at: text.count, call)
            }
            try text.append(byte)
        }
        return try text.makeString(.bytes)
    }

    private static func badByte(
        _ element: Value, at index: Int, _ call: borrowing Call
    ) -> Failure {
        guard element.isInt else {
            return call.failure("at index \(index), got \(element.typeName), want int")
        }
        return call.failure(
            "at index \(index), \(element.excerpt(in: call.arena)) out of range "
                + "(want value in unsigned 8-bit range)")
    }
}
