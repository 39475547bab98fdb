extension StringMethods {
    static func partition(_ call: borrowing Call) throws(Failure) -> Value {
        let (string, separator) = try partitionArguments(call)
        let offset = ByteSearch.first(separator.bytes, in: string.bytes)
        if offset < 0 {
            return try call.arena.makeTuple(call.receiver, SharedStrings.empty, SharedStrings.empty)
        }
        return try parts(string, separator, at: offset, call.arena)
    }

    static func rpartition(_ call: borrowing Call) throws(Failure) -> Value {
        let (string, separator) = try partitionArguments(call)
        let offset = ByteSearch.last(separator.bytes, in: string.bytes)
        if offset < 0 {
            return try call.arena.makeTuple(SharedStrings.empty, SharedStrings.empty, call.receiver)
        }
        return try parts(string, separator, at: offset, call.arena)
    }

    private static func partitionArguments(
        _ call: borrowing Call
    ) throws(Failure) -> (StringObject, StringObject) {
        try call.expect(1)
        let separator = try call.string(0)
        if separator.count == 0 { throw call.failure("empty separator") }
        return (StringObject(call.receiver), separator)
    }

    private static func parts(
        _ string: StringObject, _ separator: StringObject, at offset: Int, _ arena: Arena
    ) throws(Failure) -> Value {
        try arena.makeTuple(
            arena.makeText(string.bytes.part(0, offset)), separator.value,
            arena.makeText(string.bytes.part(offset + separator.count, string.count)))
    }

    // MARK: split, rsplit

    static func split(_ call: borrowing Call) throws(Failure) -> Value {
        let bound = try call.bind("sep?", "maxsplit?")
        let (string, most) = (StringObject(call.receiver).bytes, try splitLimit(call, bound))
        let list = try call.arena.makeList(capacity: 0)
        guard let separator = try splitSeparator(call, bound) else {
            try appendFields(of: string, to: list, most: most, call.arena)
            return list.value
        }
        if most == .max, separator.count == 1 {
            let count = ByteSearch.count(separator[0], in: string) + 1
            try list.reserve(count, in: call.arena)
        }
        var (start, count) = (0, 0)
        while count < most {
            let end = ByteSearch.first(separator, in: string, from: start)
            if end < 0 { break }
            try list.append(call.arena.makeText(string.part(start, end)), in: call.arena)
            start = end + separator.count
            count += 1
        }
        try list.append(call.arena.makeText(string.part(start, string.count)), in: call.arena)
        return list.value
    }

    static func rsplit(_ call: borrowing Call) throws(Failure) -> Value {
        let bound = try call.bind("sep?", "maxsplit?")
        let most = try splitLimit(call, bound)
        // The direction matters only with a limit (Starlark spec, string·rsplit).
        if most == .max { return try split(call) }
        let string = StringObject(call.receiver).bytes
        let list = try call.arena.makeList(capacity: 0)
        guard let separator = try splitSeparator(call, bound) else {
            try appendLastFields(of: string, to: list, most: most, call.arena)
            list.reverse()
            return list.value
        }
        var (end, count) = (string.count, 0)
        while count < most {
            let start = ByteSearch.last(separator, in: string.part(0, end))
            if start < 0 { break }
            let part = string.part(start + separator.count, end)
            try list.append(call.arena.makeText(part), in: call.arena)
            end = start
            count += 1
        }
        try list.append(call.arena.makeText(string.part(0, end)), in: call.arena)
        list.reverse()
        return list.value
    }

    /// The largest number of splits; `Int.max` if there is no limit.
    private static func splitLimit(
        _ call: borrowing Call, _ bound: BoundArguments
    ) throws(Failure) -> Int {
        if bound[1].isUnbound { return .max }
        let limit = try call.int(bound[1], "maxsplit")
        return limit < 0 ? .max : limit
    }

    /// The separator, or nil to split at white space.
    private static func splitSeparator(
        _ call: borrowing Call, _ bound: BoundArguments
    ) throws(Failure) -> UnsafeBufferPointer<UInt8>? {
        if bound[0].isUnbound || bound[0].isNone { return nil }
        guard bound[0].isString else {
            throw call.failure("got \(bound[0].typeName) for separator, want string")
        }
        let separator = StringObject(bound[0]).bytes
        if separator.count == 0 { throw call.failure("empty separator") }
        return separator
    }

    /// Splits at white space, from the start: the last field runs to the end, trailing space and
    /// all.
    private static func appendFields(
        of string: UnsafeBufferPointer<UInt8>, to list: ListObject, most: Int, _ arena: Arena
    ) throws(Failure) {
        guard let base = string.baseAddress else { return }
        var (position, start, count) = (0, -1, 0)
        while position < string.count {
            let next = CodePoint(at: base + position, count: string.count &- position)
            if CodePoint.isSpace(next.value) {
                if start >= 0 {
                    if count == most { break }
                    try list.append(arena.makeText(string.part(start, position)), in: arena)
                    start = -1
                    count += 1
                }
            } else if start < 0 {
                start = position
            }
            position &+= next.width
        }
        if start >= 0 {
            try list.append(arena.makeText(string.part(start, string.count)), in: arena)
        }
    }

    /// Splits at white space, from the end, and appends the fields last first.
    private static func appendLastFields(
        of string: UnsafeBufferPointer<UInt8>, to list: ListObject, most: Int, _ arena: Arena
    ) throws(Failure) {
        guard let base = string.baseAddress else { return }
        var (position, end, count) = (string.count, -1, 0)
        while position > 0 {
            let last = CodePoint.last(of: base, count: position)
            if CodePoint.isSpace(last.value) {
                if end >= 0 {
                    if count == most { break }
                    try list.append(arena.makeText(string.part(position, end)), in: arena)
                    end = -1
                    count += 1
                }
            } else if end < 0 {
                end = position
            }
            position -= last.width
        }
        if end >= 0 { try list.append(arena.makeText(string.part(0, end)), in: arena) }
    }

    // MARK: splitlines

    /// Lines end at a line feed, a carriage return, or both in this order.
    static func splitlines(_ call: borrowing Call) throws(Failure) -> Value {
        let bound = try call.bind("keepends?")
        let keepsEnds = bound[0].isUnbound ? false : try call.bool(bound[0], "keepends")
        let string = StringObject(call.receiver).bytes
        let list = try call.arena.makeList(capacity: 0)
        var (start, position) = (0, 0)
        while position < string.count {
            let byte = string[position]
            position &+= 1
            guard byte == 10 || byte == 13 else { continue }
            var end = position &- 1
            if byte == 13, position < string.count, string[position] == 10 { position &+= 1 }
            if keepsEnds { end = position }
            try list.append(call.arena.makeText(string.part(start, end)), in: call.arena)
            start = position
        }
        if start < string.count {
            try list.append(
                call.arena.makeText(string.part(start, string.count)), in: call.arena)
        }
        return list.value
    }
}
