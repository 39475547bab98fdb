/// Formatting: `str.format` here, the `%` operator in `StringFormat+Interpolation.swift`.
enum StringFormat {
    /// `receiver.format(*args, **kwargs)`.
    static func format(_ call: borrowing Call) throws(Failure) -> Value {
        let pattern = StringObject(call.receiver).bytes
        var text = ByteBuilder(call.arena)
        var numbering = Numbering()
        var position = 0
        while position < pattern.count {
            let byte = pattern[position]
            let next = position + 1 < pattern.count ? pattern[position + 1] : 0
            switch byte {
            case UInt8(ascii: "{") where next == byte, UInt8(ascii: "}") where next == byte:
                try text.append(byte)
                position += 2
            case UInt8(ascii: "{"):
                let end = ByteSearch.first(closingBrace, in: pattern, from: position)
                if end < 0 { throw call.failure("unmatched '{' in format") }
                let field = pattern.part(position + 1, end)
                try append(Field(field, call), to: &text, &numbering, call)
                position = end + 1
            case UInt8(ascii: "}"): throw call.failure("single '}' in format")
            default:
                let start = position
                while position < pattern.count, !isBrace(pattern[position]) { position &+= 1 }
                try text.append(pattern.part(start, position))
            }
        }
        return try text.makeString()
    }

    private static var closingBrace: UnsafeBufferPointer<UInt8> {
        let brace: StaticString = "}"
        return UnsafeBufferPointer(start: brace.utf8Start, count: 1)
    }

    @inline(__always)
    private static func isBrace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
    }

    /// How the positional arguments are chosen: in turn or by number, never both.
    private struct Numbering {
        var nextIndex = 0
        var isManual = false
        var isAutomatic: Bool { nextIndex > 0 }
    }

    /// A replacement field: `name!conversion:specification`, each part optional.
    private struct Field {
        var name: UnsafeBufferPointer<UInt8>
        var isRepr = false

        init(_ field: UnsafeBufferPointer<UInt8>, _ call: borrowing Call) throws(Failure) {
            name = field
            guard
                let mark = field.firstIndex(where: {
                    $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: ":")
                })
            else { return }
            name = field.part(0, mark)
            var rest = field.part(mark + 1, field.count)
            if field[mark] == UInt8(ascii: "!") {
                let colon = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.count
                let conversion = String(decoding: rest.part(0, colon), as: UTF8.self)
                rest = rest.part(min(colon + 1, rest.count), rest.count)
                guard conversion == "s" || conversion == "r" else {
                    throw call.failure("unknown conversion \"\(conversion)\"")
                }
                isRepr = conversion == "r"
            }
            if rest.count > 0 {
                let specification = String(decoding: rest, as: UTF8.self)
                throw call.failure(
                    "format spec features not supported in replacement fields: \(specification)")
            }
        }
    }

    private static func append(
        _ field: Field, to text: inout ByteBuilder, _ numbering: inout Numbering,
        _ call: borrowing Call
    ) throws(Failure) {
        let value: Value
        if field.name.count == 0 {
            if numbering.isManual {
                throw call.failure(
                    "cannot switch from manual field specification to automatic field numbering")
            }
            value = try positional(numbering.nextIndex, call)
            numbering.nextIndex += 1
        } else if let index = decimal(field.name) {
            if numbering.isAutomatic {
                throw call.failure(
                    "cannot switch from automatic field numbering to manual field specification")
            }
            numbering.isManual = true
            value = try positional(index, call)
        } else {
            value = try keyword(field.name, call)
        }
        if field.isRepr { try text.append(repr: value) } else { try text.append(str: value) }
    }

    private static func positional(_ index: Int, _ call: borrowing Call) throws(Failure) -> Value {
        guard index < call.positionalCount else {
            throw call.failure("tuple index out of range")
        }
        return call[index]
    }

    private static func keyword(
        _ name: UnsafeBufferPointer<UInt8>, _ call: borrowing Call
    ) throws(Failure) -> Value {
        for index in 0..<call.keywordCount {
            let keyword = StringObject(call.keywordNames[index]).bytes
            if keyword.count == name.count, ByteSearch.hasPrefix(keyword, name) {
                return call[call.positionalCount + index]
            }
        }
        let text = String(decoding: name, as: UTF8.self)
        if name.contains(UInt8(ascii: ".")) {
            throw call.failure(
                "attribute syntax x.y is not supported in replacement fields: \(text)")
        }
        if name.contains(UInt8(ascii: "[")) {
            throw call.failure(
                "element syntax a[i] is not supported in replacement fields: \(text)")
        }
        if name.contains(UInt8(ascii: "{")) {
            throw call.failure("nested replacement fields not supported")
        }
        throw call.failure("keyword \(text) not found")
    }

    /// The number that digits alone make; one too large for any tuple is `Int.max`.
    private static func decimal(_ digits: UnsafeBufferPointer<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard 48...57 ~= digit else { return nil }
            number = number > Int.max / 16 ? .max : number * 10 + Int(digit - 48)
            if number == .max { return .max }
        }
        return number
    }
}
