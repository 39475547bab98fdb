/// Makes `Codable` values from a tree.
struct CanonicalDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func decode<Value: Decodable>(
        _ type: Value.Type, from value: JSONValue, at path: [any CodingKey]
    ) throws -> Value {
        // The protocol asks the type, not a value, so numbers can't be told apart by a cast.
        let decoded: Any?
        switch value {
        case .string(let text) where type == String.self: decoded = text
        case .boolean(let value) where type == Bool.self: decoded = value
        case .integer(let number): decoded = exactly(number, type)
        default: decoded = nil
        }
        if let decoded = decoded as? Value { return decoded }
        if type == String.self || type == Bool.self || type is any BinaryInteger.Type {
            throw mismatch(type, value, path)
        }
        return try Value(from: CanonicalDecoder(value: value, codingPath: path))
    }

    private static func exactly(_ number: Int, _ type: Any.Type) -> Any? {
        (type as? any BinaryInteger.Type)?.init(exactly: number)
    }

    static func mismatch(
        _ type: Any.Type, _ value: JSONValue, _ path: [any CodingKey]
    ) -> DecodingError {
        let message = "\(value.kind) stands where \(CanonicalDecoder.name(of: type)) is due"
        return .typeMismatch(type, .init(codingPath: path, debugDescription: message))
    }

    private static func name(of type: Any.Type) -> String {
        if type == String.self { return "a string" }
        if type == Bool.self { return "a boolean" }
        return type is any BinaryInteger.Type ? "a number of type \(type)" : "a value"
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object = value else {
            throw DecodingError.typeMismatch(
                type,
                .init(
                    codingPath: codingPath,
                    debugDescription: "\(value.kind) stands where an object is due"))
        }
        return KeyedDecodingContainer(Keyed(object: value, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else {
            throw DecodingError.typeMismatch(
                [JSONValue].self,
                .init(
                    codingPath: codingPath,
                    debugDescription: "\(value.kind) stands where an array is due"))
        }
        return Unkeyed(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        Single(value: value, codingPath: codingPath)
    }
}

extension CanonicalDecoder {
    struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let object: JSONValue
        let codingPath: [any CodingKey]

        var allKeys: [Key] {
            guard case .object(let fields) = object else { return [] }
            return fields.compactMap { Key(stringValue: $0.key) }
        }

        func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

        func decodeNil(forKey key: Key) throws -> Bool {
            if case .null = try value(key) { return true }
            return false
        }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try CanonicalDecoder.decode(type, from: try value(key), at: codingPath + [key])
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<NestedKey> {
            try decoder(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try decoder(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder {
            let key = PathKey(stringValue: "super")
            return CanonicalDecoder(
                value: object[key.stringValue] ?? .null, codingPath: codingPath + [key])
        }

        func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

        private func decoder(_ key: Key) throws -> CanonicalDecoder {
            CanonicalDecoder(value: try value(key), codingPath: codingPath + [key])
        }

        private func value(_ key: Key) throws -> JSONValue {
            if let value = object[key.stringValue] { return value }
            throw DecodingError.keyNotFound(
                key,
                .init(
                    codingPath: codingPath,
                    debugDescription: "the field `\(key.stringValue)` is missing"))
        }
    }

    struct Unkeyed: UnkeyedDecodingContainer {
        let elements: [JSONValue]
        let codingPath: [any CodingKey]
        private(set) var currentIndex = 0

        init(elements: [JSONValue], codingPath: [any CodingKey]) {
            self.elements = elements
            self.codingPath = codingPath
        }

        var count: Int? { elements.count }
        var isAtEnd: Bool { currentIndex == elements.count }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, case .null = elements[currentIndex] else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let next = try next()
            return try CanonicalDecoder.decode(type, from: next.value, at: next.codingPath)
        }

        mutating func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type
        ) throws -> KeyedDecodingContainer<NestedKey> {
            try next().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try next().unkeyedContainer()
        }

        mutating func superDecoder() throws -> any Decoder { try next() }

        private mutating func next() throws -> CanonicalDecoder {
            let path = codingPath + [PathKey(intValue: currentIndex)]
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    JSONValue.self,
                    .init(codingPath: path, debugDescription: "the array has no more elements"))
            }
            defer { currentIndex += 1 }
            return CanonicalDecoder(value: elements[currentIndex], codingPath: path)
        }
    }

    struct Single: SingleValueDecodingContainer {
        let value: JSONValue
        let codingPath: [any CodingKey]

        func decodeNil() -> Bool {
            if case .null = value { return true }
            return false
        }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try CanonicalDecoder.decode(type, from: value, at: codingPath)
        }
    }
}

extension Fault {
    /// A fault of a `Codable` type as one of the model's.
    init(decoding error: DecodingError) {
        let code: Code
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found): (code, context) = (.wrongType, found)
        case .valueNotFound(_, let found), .keyNotFound(_, let found):
            (code, context) = (.missingField, found)
        case .dataCorrupted(let found): (code, context) = (.invalidText, found)
        @unknown default:
            (code, context) = (.wrongType, .init(codingPath: [], debugDescription: "\(error)"))
        }
        self.init(code, context.debugDescription)
        path = JSONPath(codingPath: context.codingPath)
    }
}

extension JSONPath {
    init(codingPath: [any CodingKey]) {
        self.init(
            codingPath.map { key in key.intValue.map { .index($0) } ?? .key(key.stringValue) })
    }
}
