/// Canonical JSON of any `Codable` value: no white space, keys in the order of their UTF-8 bytes,
/// one way to write each text (RFC 8785), integers only.
///
/// Equal values have equal texts, on every machine. For graphs there is a shorter way, and the same
/// text: `DerivationGraph.canonicalJSON`.
public enum CanonicalJSON {
    /// The canonical text of a value.
    ///
    /// - Throws: `EncodingError` if the value has numbers that are not integers of 53 bits, or
    ///   throws itself.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        var writer = JSONWriter()
        try CanonicalEncoder.value(of: value, at: []).write(to: &writer)
        return writer.bytes
    }

    /// Reads a value from JSON; the text need not be canonical. Fields that the type does not know
    /// are passed over.
    ///
    /// - Throws: `ValidationError` if the text is not JSON, has a key twice, or is of another type;
    ///   and what the value throws itself.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from json: [UInt8], limits: JSONLimits = .default
    ) throws -> Value {
        let value: JSONValue
        do throws(Fault) {
            value = try JSONValue(json: json, limits: limits)
        } catch {
            throw ValidationError(error)
        }
        do {
            return try CanonicalDecoder.decode(type, from: value, at: [])
        } catch let error as DecodingError {
            throw ValidationError(Fault(decoding: error))
        }
    }
}

/// A JSON value as a tree: for values of moderate size, as graphs are read without one.
package enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case string(String)
    case array([JSONValue])
    /// Sorted by the bytes of the keys, each once.
    case object([(key: String, value: JSONValue)])
    /// Canonical JSON, already written.
    case written([UInt8])
}

extension JSONValue {
    /// - Throws: If the text is not JSON, or an object has a key twice.
    package init(json: [UInt8], limits: JSONLimits = .default) throws(Fault) {
        self = try JSONScanner.read(json, limits: limits) { (scanner) throws(Fault) in
            try JSONValue(&scanner, at: JSONPath())
        }
    }

    /// Reads the next value. The depth of the recursion is that of the text, which has a limit.
    private init(_ scanner: inout JSONScanner, at path: JSONPath) throws(Fault) {
        switch try scanner.peek() {
        case .null:
            try scanner.readNull()
            self = .null
        case .boolean: self = .boolean(try scanner.readBoolean())
        case .number: self = .integer(try scanner.readInteger())
        case .string: self = .string(try scanner.readString())
        case .array:
            var elements: [JSONValue] = []
            try scanner.beginArray()
            while try scanner.nextElement() {
                elements.append(try JSONValue(&scanner, at: path.appending(elements.count)))
            }
            self = .array(elements)
        case .object:
            var fields: [(key: String, value: JSONValue)] = []
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                fields.append((key, try JSONValue(&scanner, at: path.appending(key))))
            }
            self = .object(try JSONValue.sorted(fields, at: path, scanner))
        }
    }

    private static func sorted(
        _ fields: [(key: String, value: JSONValue)], at path: JSONPath, _ scanner: JSONScanner
    ) throws(Fault) -> [(key: String, value: JSONValue)] {
        let sorted = fields.sorted { $0.key.precedesByBytes($1.key) }
        for (field, next) in zip(sorted, sorted.dropFirst())
        where field.key.hasSameBytes(as: next.key) {
            let fault = scanner.fault(
                .duplicateKey, "an object has the key \(quoted(next.key)) twice",
                hint: "write each key once")
            throw fault.under(path.appending(next.key))
        }
        return sorted
    }

    /// Writes the value. The depth of the recursion is that of the tree.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .integer(let number): writer.integer(number)
        case .string(let text): writer.string(text)
        case .written(let json): writer.verbatim(json)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let fields):
            writer.beginObject()
            for field in fields {
                writer.key(field.key)
                field.value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    /// The value of a key of an object. Costs a binary search.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        var (low, high) = (0, fields.count)
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].key.precedesByBytes(key) { low = middle + 1 } else { high = middle }
        }
        guard low < fields.count, fields[low].key.hasSameBytes(as: key) else { return nil }
        return fields[low].value
    }

    /// What the value is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .integer: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object, .written: "an object"
        }
    }
}
