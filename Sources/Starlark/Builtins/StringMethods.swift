/// The methods of strings. Offsets count bytes.
enum StringMethods {
    static let all: [Builtin] = [
        Builtin("capitalize", capitalize),
        Builtin("codepoint_ords") { (call: borrowing Call) throws(Failure) -> Value in
            try elements(call, .codePointOrdinals)
        },
        Builtin("codepoints") { (call: borrowing Call) throws(Failure) -> Value in
            try elements(call, .codePoints)
        },
        Builtin("count", count),
        Builtin("elem_ords") { (call: borrowing Call) throws(Failure) -> Value in
            try elements(call, .ordinals)
        },
        Builtin("elems") { (call: borrowing Call) throws(Failure) -> Value in
            try elements(call, .elements)
        },
        Builtin("endswith", endswith),
        Builtin("find", find),
        Builtin("format", format),
        Builtin("index", index),
        Builtin("isalnum", isalnum),
        Builtin("isalpha", isalpha),
        Builtin("isdigit", isdigit),
        Builtin("islower", islower),
        Builtin("isspace", isspace),
        Builtin("istitle", istitle),
        Builtin("isupper", isupper),
        Builtin("join", join),
        Builtin("lower", lower),
        Builtin("lstrip", lstrip),
        Builtin("partition", partition),
        Builtin("removeprefix", removeprefix),
        Builtin("removesuffix", removesuffix),
        Builtin("replace", replace),
        Builtin("rfind", rfind),
        Builtin("rindex", rindex),
        Builtin("rpartition", rpartition),
        Builtin("rsplit", rsplit),
        Builtin("rstrip", rstrip),
        Builtin("split", split),
        Builtin("splitlines", splitlines),
        Builtin("startswith", startswith),
        Builtin("strip", strip),
        Builtin("title", title),
        Builtin("upper", upper),
    ]

    private static func elements(
        _ call: borrowing Call, _ kind: StringElementsObject.Kind
    ) throws(Failure) -> Value {
        try call.expect(0)
        return call.arena.makeStringElements(kind, of: call.receiver)
    }

    private static func format(_ call: borrowing Call) throws(Failure) -> Value {
        try StringFormat.format(call)
    }

    private static func join(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let iterable = try call.iterable(0)
        let separator = StringObject(call.receiver)
        guard let items = iterable.items else {
            let list = try call.arena.makeList(from: iterable)
            return try join(list.buffer, separator, call.arena)
        }
        return try join(items, separator, call.arena)
    }

    private static func join(
        _ items: UnsafeMutableBufferPointer<Value>, _ separator: StringObject, _ arena: Arena
    ) throws(Failure) -> Value {
        var total = 0
        for item in items {
            guard item.isString else {
                throw Failure("join: in list, want string, got \(item.typeName)")
            }
            // At most 2^27 items of at most 2^30 bytes: this cannot overflow.
            total &+= StringObject(item).count
        }
        if items.count <= 1 { return items.count == 0 ? SharedStrings.empty : items[0] }
        total &+= separator.count &* (items.count &- 1)
        try arena.checkSize(total)
        let result = try arena.makeString(count: total)
        var target = result.start
        for index in 0..<items.count {
            if index > 0 {
                target.update(from: separator.start, count: separator.count)
                target += separator.count
            }
            let string = StringObject(items[index])
            target.update(from: string.start, count: string.count)
            target += string.count
        }
        return result.value
    }

    private static func replace(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(2...3)
        let (old, new) = (try call.string(0), try call.string(1))
        let limit = count == 3 ? try call.int(2) : -1
        let string = StringObject(call.receiver)
        let most = limit < 0 ? Int.max : limit
        if most == 0 { return call.receiver }
        if old.count == 0 { return try interleave(string, new, most, call.arena) }
        var position = ByteSearch.first(old.bytes, in: string.bytes)
        if position < 0 { return call.receiver }
        var text = ByteBuilder(call.arena)
        var (copied, replaced) = (0, 0)
        while position >= 0, replaced < most {
            try text.append(string.bytes.part(copied, position))
            try text.append(new.bytes)
            replaced += 1
            copied = position + old.count
            position = ByteSearch.first(old.bytes, in: string.bytes, from: copied)
        }
        try text.append(string.bytes.part(copied, string.count))
        return try text.makeString()
    }

    /// Puts `new` before every code point and at the end, at most `most` times.
    private static func interleave(
        _ string: StringObject, _ new: StringObject, _ most: Int, _ arena: Arena
    ) throws(Failure) -> Value {
        var text = ByteBuilder(arena)
        var (position, replaced) = (0, 0)
        while position < string.count, replaced < most {
            try text.append(new.bytes)
            replaced += 1
            let width = CodePoint(
                at: string.start + position, count: string.count - position
            ).width
            try text.append(string.bytes.part(position, position + width))
            position += width
        }
        if replaced < most { try text.append(new.bytes) }
        try text.append(string.bytes.part(position, string.count))
        return try text.makeString()
    }
}
