/// Writes values as text: what `str` and `repr` give.
struct ValueWriter {
    /// The lists and dicts being written, outermost first, to tell a value that contains itself.
    private var path: [Value] = []
    private var depth = 0

    /// Writes as `repr` does.
    mutating func write(_ value: Value, to text: inout ByteBuilder) throws(Failure) {
        guard value.isObject else {
            if value.isSmallInt { return try text.append(integer: value) }
            return try text.append(value.isNone ? "None" : value.isTrue ? "True" : "False")
        }
        switch value.header.pointee.type {
        case .string: try text.append(quoting: StringObject(value).bytes)
        case .bytes:
            try text.append(UInt8(ascii: "b"))
            try text.append(quoting: StringObject(value).bytes)
        case .bigInt: try text.append(integer: value)
        case .float: try text.append(float: FloatObject(value).number)
        case .list, .tuple, .dict, .set, .structure: try writeContainer(value, to: &text)
        case .range: try text.append(RangeObject(value).description)
        case .function: try text.append("<function \(FunctionObject(value).name)>")
        case .builtin: try write(BuiltinObject(value), to: &text)
        case .module:
            try text.append("<module ")
            try write(StructureObject(value).constructor, to: &text)
            try text.append(">")
        case .stringElements: try write(StringElementsObject(value), to: &text)
        case .host: try text.append(HostReference(value.object).object.starlarkDescription)
        case .cell, .shape, .forwarded: preconditionFailure("no value of the language")
        }
    }

    private mutating func writeContainer(
        _ value: Value, to text: inout ByteBuilder
    ) throws(Failure) {
        if depth == Effort.maximumDepth { throw Failure("values nested too deeply to print") }
        depth += 1
        defer { depth -= 1 }
        switch value.header.pointee.type {
        case .list:
            try text.append("[")
            if enter(value, in: &text) {
                try writeItems(ListObject(value).buffer, to: &text)
                path.removeLast()
            } else {
                try text.append("...")
            }
            try text.append("]")
        case .tuple:
            let items = TupleObject(value).buffer
            try text.append("(")
            try writeItems(items, to: &text)
            try text.append(items.count == 1 ? ",)" : ")")
        case .dict:
            try text.append("{")
            if enter(value, in: &text) {
                try writeEntries(TableObject(value), to: &text)
                path.removeLast()
            } else {
                try text.append("...")
            }
            try text.append("}")
        case .set: try writeSet(TableObject(value), to: &text)
        default: try write(StructureObject(value), to: &text)
        }
    }

    /// Puts a container on the path, unless it is there.
    private mutating func enter(_ value: Value, in text: inout ByteBuilder) -> Bool {
        if path.contains(where: { $0.isIdentical(to: value) }) { return false }
        path.append(value)
        return true
    }

    private mutating func writeItems(
        _ items: UnsafeMutableBufferPointer<Value>, to text: inout ByteBuilder
    ) throws(Failure) {
        for index in 0..<items.count {
            if index > 0 { try text.append(", ") }
            try write(items[index], to: &text)
        }
    }

    private mutating func writeEntries(
        _ table: TableObject, to text: inout ByteBuilder
    ) throws(Failure) {
        var separate = false
        for number in 0..<table.used {
            let entry = table.entries[number]
            if entry.key.isUnbound { continue }
            if separate { try text.append(", ") }
            separate = true
            try write(entry.key, to: &text)
            try text.append(": ")
            try write(entry.value, to: &text)
        }
    }

    private mutating func writeSet(
        _ table: TableObject, to text: inout ByteBuilder
    ) throws(Failure) {
        if table.count == 0 { return try text.append("set()") }
        try text.append("set([")
        var separate = false
        for number in 0..<table.used where !table.entries[number].key.isUnbound {
            if separate { try text.append(", ") }
            separate = true
            try write(table.entries[number].key, to: &text)
        }
        try text.append("])")
    }

    private mutating func write(
        _ structure: StructureObject, to text: inout ByteBuilder
    ) throws(Failure) {
        try writeConstructor(of: structure, to: &text)
        try text.append("(")
        let shape = structure.shape
        for index in 0..<shape.count {
            if index > 0 { try text.append(", ") }
            try text.append(StringObject(shape.names[index]).bytes)
            try text.append(" = ")
            try write(structure.fields[index], to: &text)
        }
        try text.append(")")
    }

    /// What the structure was made with: `struct`, or the name of another constructor.
    mutating func writeConstructor(
        of structure: StructureObject, to text: inout ByteBuilder
    ) throws(Failure) {
        let constructor = structure.constructor
        if constructor.isNone {
            try text.append("struct")
        } else if constructor.isString {
            try text.append(StringObject(constructor).bytes)
        } else {
            try write(constructor, to: &text)
        }
    }

    private func write(_ builtin: BuiltinObject, to text: inout ByteBuilder) throws(Failure) {
        let name = builtin.builtin._withUnsafeGuaranteedRef { $0.name }
        if builtin.receiver.isUnbound {
            try text.append("<built-in function \(name)>")
        } else {
            try text.append("<built-in method \(name) of \(builtin.receiver.typeName) value>")
        }
    }

    private mutating func write(
        _ elements: StringElementsObject, to text: inout ByteBuilder
    ) throws(Failure) {
        try write(elements.string.value, to: &text)
        switch elements.kind {
        case .elements: try text.append(".elems()")
        case .ordinals: try text.append(".elem_ords()")
        case .codePoints: try text.append(".codepoints()")
        case .codePointOrdinals: try text.append(".codepoint_ords()")
        }
    }
}

extension RangeObject {
    fileprivate var description: String {
        if step != 1 { return "range(\(start), \(stop), \(step))" }
        return start == 0 ? "range(\(stop))" : "range(\(start), \(stop))"
    }
}

extension ByteBuilder {
    /// Appends what `repr(value)` gives.
    mutating func append(repr value: Value) throws(Failure) {
        var writer = ValueWriter()
        try writer.write(value, to: &self)
    }

    /// Appends what `str(value)` gives, but the bytes of a string as they are.
    @inline(__always)
    mutating func append(str value: Value) throws(Failure) {
        if value.isString { return try append(StringObject(value).bytes) }
        if value.isObject(.bytes) { return try append(repairing: StringObject(value).bytes) }
        try append(repr: value)
    }

    /// Appends a literal for the bytes, in double quotes. Bytes that are no UTF-8 become `\xXX`.
    mutating func append(quoting bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        try append(UInt8(ascii: "\""))
        var (copied, position) = (0, 0)
        while position < bytes.count {
            let byte = bytes[position]
            if 0x20...0x7e ~= byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                position &+= 1
                continue
            }
            let rest = bytes.part(position, bytes.count)
            guard let start = rest.baseAddress else { break }
            let next = CodePoint(at: start, count: rest.count)
            let end = position + next.width
            if byte < 0x80 || next.isInvalid || !CodePoint.isPrintable(next.value) {
                try append(bytes.part(copied, position))
                if next.isInvalid {
                    try append("\\x")
                    try append(hex: UInt32(byte), digits: 2)
                } else {
                    try append(escaping: next.value)
                }
                copied = end
            }
            position = end
        }
        try append(bytes.part(copied, bytes.count))
        try append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping value: UInt32) throws(Failure) {
        switch value {
        case 0x22: try append("\\\"")
        case 0x5c: try append("\\\\")
        case 0x07: try append("\\a")
        case 0x08: try append("\\b")
        case 0x09: try append("\\t")
        case 0x0a: try append("\\n")
        case 0x0b: try append("\\v")
        case 0x0c: try append("\\f")
        case 0x0d: try append("\\r")
        case 0..<0x80:
            try append("\\x")
            try append(hex: value, digits: 2)
        case 0..<0x10000:
            try append("\\u")
            try append(hex: value, digits: 4)
        default:
            try append("\\U")
            try append(hex: value, digits: 8)
        }
    }

    private mutating func append(hex value: UInt32, digits: UInt32) throws(Failure) {
        var shift = digits &* 4
        while shift > 0 {
            shift &-= 4
            let digit = UInt8(truncatingIfNeeded: value &>> shift) & 15
            try append(digit < 10 ? 48 &+ digit : 87 &+ digit)
        }
    }
}

extension Value {
    /// `repr` for a message, cut short if it is very long.
    func excerpt(in arena: Arena) -> String {
        var text = ByteBuilder(arena)
        do throws(Failure) {
            try text.append(repr: self)
        } catch {
            // A value that cannot be printed (too deep, too large) is still worth naming.
            return "\(typeName) value"
        }
        let limit = 400
        if text.count <= limit { return String(decoding: text.bytes, as: UTF8.self) }
        return String(decoding: text.bytes.prefix(limit), as: UTF8.self) + "..."
    }
}
