/// The fields that an object may have, and which of them it has.
struct FieldSet {
    let names: [String]
    private(set) var seen: UInt32 = 0

    /// - Parameter names: At most 32.
    init(_ names: [String]) {
        self.names = names
    }

    func contains(_ name: String) -> Bool {
        names.firstIndex(of: name).map { seen & 1 << UInt32($0) != 0 } ?? false
    }

    mutating func insert(_ index: Int) -> Bool {
        let isNew = seen & 1 << UInt32(index) == 0
        seen |= 1 << UInt32(index)
        return isNew
    }
}

/// What readers of objects share: fields, types, and noting what is wrong with them.
extension GraphReader {
    /// The number of a field; nil, and a fault noted, if it is not known or came before.
    mutating func take(_ key: String, of fields: inout FieldSet) throws(Fault) -> Int? {
        guard let index = fields.names.firstIndex(where: { $0 == key }) else {
            let known = fields.names.map { "`\($0)`" }.joined(separator: ", ")
            add(
                Fault(
                    .unknownField, "the field \(quoted(key)) is not known",
                    hint: "the fields are \(known)"))
            return nil
        }
        guard fields.insert(index) else {
            add(duplicate(key))
            return nil
        }
        return index
    }

    mutating func require(_ name: String, of fields: FieldSet, hint: String) {
        guard !fields.contains(name) else { return }
        faults.add(Fault(.missingField, "the field `\(name)` is missing", hint: hint), at: path)
    }

    /// Whether the next value is of a type; else it is noted and skipped.
    mutating func isNext(_ kind: JSONScanner.Kind) throws(Fault) -> Bool {
        let found = try scanner.peek()
        guard found != kind else { return true }
        add(
            Fault(
                .wrongType, "\(found.rawValue) stands where \(kind.rawValue) is due",
                hint: "write \(kind.rawValue)"))
        try scanner.skipValue()
        return false
    }

    mutating func readText() throws(Fault) -> String? {
        guard try isNext(.string) else { return nil }
        return try scanner.readString()
    }

    /// A text that has a form; nil, and a fault noted, if it has not.
    mutating func readText<Value>(
        _ parse: (String) throws(Fault) -> Value
    ) throws(Fault) -> Value? {
        guard try isNext(.string) else { return nil }
        let offset = scanner.offset
        let text = try scanner.readString()
        return self.parse(text, offset, parse)
    }

    mutating func parse<Value>(
        _ text: String, _ offset: Int? = nil, _ parse: (String) throws(Fault) -> Value
    ) -> Value? {
        do throws(Fault) {
            return try parse(text)
        } catch {
            var fault = error
            fault.offset = offset ?? scanner.offset
            faults.add(fault, at: path)
            return nil
        }
    }

    mutating func addRedundant(_ hint: String) {
        faults.add(Fault(.redundantValue, "the value says nothing", hint: hint), at: path)
    }

    func duplicate(_ key: String) -> Fault {
        Fault(.duplicateKey, "the key \(quoted(key)) is there twice", hint: "write each key once")
    }

    /// Notes a fault of the value that is next.
    private mutating func add(_ fault: Fault) {
        var fault = fault
        fault.offset = scanner.offset
        faults.add(fault, at: path)
    }
}
