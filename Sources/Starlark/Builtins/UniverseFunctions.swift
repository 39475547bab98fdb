/// The functions that every program knows.
enum UniverseFunctions {
    static let all: [Builtin] = [
        Builtin("abs", abs),
        Builtin("all", all),
        Builtin("any", any),
        Builtin("bool", bool),
        Builtin("bytes", bytes),
        Builtin("chr", chr),
        Builtin("dict", dict),
        Builtin("dir", dir),
        Builtin("enumerate", enumerate),
        Builtin("fail", fail),
        Builtin("float", float),
        Builtin("getattr", getattr),
        Builtin("hasattr", hasattr),
        Builtin("hash", hash),
        Builtin("int", int),
        Builtin("len", len),
        Builtin("list", list),
        Builtin("max", max),
        Builtin("min", min),
        Builtin("ord", ord),
        Builtin("print", print),
        Builtin("range", range),
        Builtin("repr", repr),
        Builtin("reversed", reversed),
        Builtin("set", set),
        Builtin("sorted", sorted),
        Builtin("str", str),
        Builtin("tuple", tuple),
        Builtin("type", type),
        Builtin("zip", zip),
    ]

    // MARK: Attributes

    private static func dir(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let names = Operations.attributeNames(of: call[0])
        let list = try call.arena.makeList(capacity: names.count)
        for name in names {
            try list.append(call.arena.makeString(name).value, in: call.arena)
        }
        return list.value
    }

    private static func getattr(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(2...3)
        let name = try call.string(1)
        if count == 2 {
            do throws(Failure) {
                return try Operations.attribute(of: call[0], name, call.machine)
            } catch { throw call.failure(error) }
        }
        return try Operations.attributeIfPresent(of: call[0], name, call.machine) ?? call[2]
    }

    private static func hasattr(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(2)
        let name = try call.string(1)
        return Value(try Operations.attributeIfPresent(of: call[0], name, call.machine) != nil)
    }

    private static func type(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        return try SharedTypeNames.name(of: call[0], in: call.arena)
    }

    // MARK: Output

    private static func print(_ call: borrowing Call) throws(Failure) -> Value {
        if call.positionalCount == 1, call.keywordCount == 0, call[0].isString {
            // The commonest call: as it is, without a copy.
            call.machine.printLine(StringObject(call[0]).bytes)
            return .none
        }
        var text = ByteBuilder(call.arena)
        try appendArguments(of: call, to: &text)
        call.machine.printLine(text.bytes)
        return .none
    }

    private static func fail(_ call: borrowing Call) throws(Failure) -> Value {
        var text = ByteBuilder(call.arena)
        try text.append("fail: ")
        try appendArguments(of: call, to: &text)
        throw Failure(String(decoding: text.bytes, as: UTF8.self))
    }

    /// The positional arguments as `str` has them, separated by the keyword argument `sep`.
    private static func appendArguments(
        of call: borrowing Call, to text: inout ByteBuilder
    ) throws(Failure) {
        let options = try call.keywordsOnly.bind("sep?")
        let separator = options[0].isUnbound ? nil : try call.string(options[0], "sep")
        for index in 0..<call.positionalCount {
            if index > 0 {
                if let separator {
                    try text.append(separator.bytes)
                } else {
                    try text.append(UInt8(ascii: " "))
                }
            }
            try text.append(str: call[index])
        }
    }

    private static func repr(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        var text = ByteBuilder(call.arena)
        try text.append(repr: call[0])
        return try text.makeString()
    }

    private static func str(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        if call[0].isString { return call[0] }
        var text = ByteBuilder(call.arena)
        try text.append(str: call[0])
        return try text.makeString()
    }

    // MARK: Truth and size

    private static func bool(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0...1) == 0 ? .false : Value(call[0].isTruthy)
    }

    private static func len(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        return try Operations.length(call[0])
    }

    private static func all(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        var iteration = try Iteration(over: call.iterable(0), in: call.arena)
        while let element = try iteration.next() {
            if !element.isTruthy { return .false }
        }
        return .true
    }

    private static func any(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        var iteration = try Iteration(over: call.iterable(0), in: call.arena)
        while let element = try iteration.next() {
            if element.isTruthy { return .true }
        }
        return .false
    }

    // MARK: Hashes

    /// Of a string, Java's `String.hashCode` (Starlark spec, hash); of bytes, 32-bit FNV-1a.
    private static func hash(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        if call[0].isObject(.bytes) {
            var hash: UInt32 = 0x811c_9dc5
            for byte in StringObject(call[0]).bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
            return Value(smallInt: Int(hash))
        }
        guard call[0].isString else {
            throw call.failure("got \(call[0].typeName), want string or bytes")
        }
        let string = StringObject(call[0])
        var (hash, position) = (Int32(0), 0)
        while position < string.count {
            let next = CodePoint(at: string.start + position, count: string.count &- position)
            position &+= next.width
            // The units of UTF-16.
            if next.value >= 0x10000 {
                hash = hash &* 31 &+ Int32(0xd7c0 &+ next.value &>> 10)
                hash = hash &* 31 &+ Int32(0xdc00 | next.value & 0x3ff)
            } else {
                hash = hash &* 31 &+ Int32(next.value)
            }
        }
        return Value(smallInt: Int(hash))
    }
}

extension Call {
    /// This call without its positional arguments, to bind the keyword arguments alone.
    var keywordsOnly: Call {
        Call(
            machine: machine, builtin: builtin, receiver: receiver,
            arguments: arguments + positionalCount, positionalCount: 0,
            keywordCount: keywordCount, keywordNames: keywordNames)
    }
}
