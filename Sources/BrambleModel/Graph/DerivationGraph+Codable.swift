/// Graphs and derivations inside of other `Codable` values: in `CanonicalJSON` as they are anyway,
/// with other coders as the same structure.
extension DerivationGraph: Codable, CanonicallyWritten {
    public init(from decoder: any Decoder) throws {
        let json = try WrittenJSON(from: decoder)
        do throws(ValidationError) {
            try self.init(json: json.bytes)
        } catch {
            throw error.under(JSONPath(codingPath: decoder.codingPath))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        try WrittenJSON(bytes: canonicalJSON).encode(to: encoder)
    }
}

extension ValidationError {
    /// The faults as seen from an enclosing value; their offsets were into a text of their own.
    func under(_ path: JSONPath) -> ValidationError {
        let faults = faults.map { fault in
            var outer = fault.under(path)
            outer.offset = nil
            return outer
        }
        return ValidationError(faults: faults, omittedCount: omittedCount)
    }
}

/// JSON that is one value for a coder that knows nothing of it.
private struct WrittenJSON: Codable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(from decoder: any Decoder) throws {
        let tree = try (decoder as? CanonicalDecoder)?.value ?? JSONValue(from: decoder)
        var writer = JSONWriter()
        tree.write(to: &writer)
        bytes = writer.bytes
    }

    func encode(to encoder: any Encoder) throws {
        try JSONValue(json: bytes, limits: GraphLimits.default.text).encode(to: encoder)
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: PathKey.self) {
            let fields = try object.allKeys.map { key in
                (key: key.stringValue, value: try object.decode(JSONValue.self, forKey: key))
            }
            self = .object(fields.sorted { $0.key.precedesByBytes($1.key) })
            return
        }
        if var array = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !array.isAtEnd { elements.append(try array.decode(JSONValue.self)) }
            self = .array(elements)
            return
        }
        // A coder does not say what it has; it has to be tried, so a failure only means the next.
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let text = try? single.decode(String.self) {
            self = .string(text)
        } else if let value = try? single.decode(Bool.self) {
            self = .boolean(value)
        } else {
            self = .integer(try single.decode(Int.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let fields):
            var object = encoder.container(keyedBy: PathKey.self)
            for field in fields {
                try object.encode(field.value, forKey: PathKey(stringValue: field.key))
            }
        case .array(let elements):
            var array = encoder.unkeyedContainer()
            for element in elements { try array.encode(element) }
        case .written(let bytes): try WrittenJSON(bytes: bytes).encode(to: encoder)
        case .null, .boolean, .integer, .string: try encodeScalar(to: encoder)
        }
    }

    private func encodeScalar(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch self {
        case .boolean(let value): try single.encode(value)
        case .integer(let number): try single.encode(number)
        case .string(let text): try single.encode(text)
        case .null, .array, .object, .written: try single.encodeNil()
        }
    }
}
