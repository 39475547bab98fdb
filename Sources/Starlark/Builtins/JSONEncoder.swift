/// Writes a value as JSON (RFC 8259), without any space.
///
/// Fields and keys come in the order of their names. Text that is no UTF-8 is repaired.
struct JSONEncoder: ~Copyable {
    private(set) var text: ByteBuilder
    private let arena: Arena
    /// The containers around the value being written.
    private var path: [Value] = []

    init(_ arena: Arena) {
        self.arena = arena
        text = ByteBuilder(arena)
    }

    mutating func encode(_ value: Value) throws(Failure) {
        guard value.isObject else {
            if value.isSmallInt { return try text.append(decimal: value.smallInt) }
            return try text.append(value.isNone ? "null" : value.isTrue ? "true" : "false")
        }
        switch value.header.pointee.type {
        case .string: try encode(string: StringObject(value).bytes)
        case .bigInt: try text.append(integer: value)
        case .float:
            let number = FloatObject(value).number
            guard number.isFinite else {
                let name = number.isNaN ? "nan" : number < 0 ? "-inf" : "+inf"
                throw Failure("cannot encode non-finite float \(name)")
            }
            try text.append(float: number)
        case .dict, .list, .tuple, .set, .range, .stringElements, .structure, .module, .host:
            try encode(container: value)
        case .bytes, .function, .builtin, .cell, .shape, .forwarded:
            throw Failure("cannot encode \(value.typeName) as JSON")
        }
    }

    @inline(never)
    private mutating func encode(container: Value) throws(Failure) {
        if path.contains(where: { $0.isIdentical(to: container) }) {
            throw Failure("cycle in JSON structure")
        }
        if path.count >= Effort.maximumDepth { throw Failure("nesting depth limit exceeded") }
        path.append(container)
        defer { path.removeLast() }
        switch container.header.pointee.type {
        case .dict: try encode(dict: TableObject(container))
        case .structure, .module: try encode(structure: StructureObject(container))
        default: try encode(elements: container)
        }
    }

    private mutating func encode(dict: TableObject) throws(Failure) {
        let entries = try sortedEntries(of: dict)
        try text.append(UInt8(ascii: "{"))
        var isFirst = true
        for number in entries {
            let entry = dict.entries[number]
            if !isFirst { try text.append(UInt8(ascii: ",")) }
            isFirst = false
            try encode(string: StringObject(entry.key).bytes)
            try text.append(UInt8(ascii: ":"))
            do throws(Failure) {
                try encode(entry.value)
            } catch {
                throw error.prefixed("in dict key \(entry.key.excerpt(in: arena)): ")
            }
        }
        try text.append(UInt8(ascii: "}"))
    }

    /// The numbers of a dict's entries in the order of their keys, which must all be strings.
    private func sortedEntries(of dict: TableObject) throws(Failure) -> [Int] {
        var entries: [Int] = []
        entries.reserveCapacity(dict.count)
        var isSorted = true
        for number in 0..<dict.used {
            let key = dict.entries[number].key
            if key.isUnbound { continue }
            guard key.isString else { throw Failure("dict has \(key.typeName) key, want string") }
            if isSorted, let last = entries.last {
                isSorted = StringObject(dict.entries[last].key).compare(StringObject(key)) < 0
            }
            entries.append(number)
        }
        if !isSorted {
            entries.sort {
                StringObject(dict.entries[$0].key).compare(StringObject(dict.entries[$1].key)) < 0
            }
        }
        return entries
    }

    private mutating func encode(structure: StructureObject) throws(Failure) {
        try text.append(UInt8(ascii: "{"))
        for index in 0..<structure.shape.count {
            let name = StringObject(structure.shape.names[index])
            if index > 0 { try text.append(UInt8(ascii: ",")) }
            try encode(string: name.bytes)
            try text.append(UInt8(ascii: ":"))
            do throws(Failure) {
                try encode(structure.fields[index])
            } catch {
                throw error.prefixed("in field .\(name.text): ")
            }
        }
        try text.append(UInt8(ascii: "}"))
    }

    private mutating func encode(elements container: Value) throws(Failure) {
        try text.append(UInt8(ascii: "["))
        var iteration = try Iteration(over: container, in: arena)
        var index = 0
        while let item = try iteration.next() {
            if index > 0 { try text.append(UInt8(ascii: ",")) }
            do throws(Failure) {
                try encode(item)
            } catch {
                throw error.prefixed("at \(container.typeName) index \(index): ")
            }
            index += 1
        }
        try text.append(UInt8(ascii: "]"))
    }

    private mutating func encode(string bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        try text.append(jsonString: bytes)
    }
}

extension Failure {
    /// The same mistake with text before its message; limits stay as they are.
    fileprivate func prefixed(_ prefix: String) -> Failure {
        guard details.kind == .program, details.underlying == nil else { return self }
        return Failure(prefix + details.message, hint: details.hint)
    }
}

extension ByteBuilder {
    /// Appends a string literal of JSON. What must be escaped is; bytes that are no UTF-8 become
    /// U+FFFD.
    mutating func append(jsonString bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        try append(UInt8(ascii: "\""))
        var index = 0
        // What from here on is yet to be copied.
        var start = 0
        guard let source = bytes.baseAddress else { return try append(UInt8(ascii: "\"")) }
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x80 {
                let codePoint = CodePoint(at: source + index, count: bytes.count &- index)
                if !codePoint.isInvalid {
                    index &+= codePoint.width
                    continue
                }
            } else if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
                index &+= 1
                continue
            }
            try append(UnsafeBufferPointer(rebasing: bytes[start..<index]))
            try append(jsonEscaping: byte)
            index &+= 1
            start = index
        }
        try append(UnsafeBufferPointer(rebasing: bytes[start...]))
        try append(UInt8(ascii: "\""))
    }

    private mutating func append(jsonEscaping byte: UInt8) throws(Failure) {
        switch byte {
        case UInt8(ascii: "\""): try append("\\\"")
        case UInt8(ascii: "\\"): try append("\\\\")
        case 0x08: try append("\\b")
        case 0x09: try append("\\t")
        case 0x0a: try append("\\n")
        case 0x0c: try append("\\f")
        case 0x0d: try append("\\r")
        case 0x80...: try append("\u{fffd}")
        default:
            try append("\\u00")
            try append(NumberText.digit(UInt(byte >> 4), uppercase: false))
            try append(NumberText.digit(UInt(byte & 15), uppercase: false))
        }
    }
}
