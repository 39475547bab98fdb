/// Turns a `Codable` value into a tree, from which canonical JSON is written.
struct CanonicalEncoder: Encoder {
    /// What was encoded so far, shared by an encoder and its containers, as the protocol has it.
    /// Encoding is synchronous: nobody else sees it.
    final class Node {
        var value: JSONValue?
        var fields: [(key: String, node: Node)]?
        var elements: [Node]?

        var tree: JSONValue {
            if let fields {
                var sorted: [(key: String, value: JSONValue)] = []
                for field in fields.sorted(by: { $0.key.precedesByBytes($1.key) }) {
                    // A key that is encoded twice has the value it was given last.
                    if sorted.last?.key.hasSameBytes(as: field.key) ?? false { sorted.removeLast() }
                    sorted.append((field.key, field.node.tree))
                }
                return .object(sorted)
            }
            if let elements { return .array(elements.map(\.tree)) }
            return value ?? .object([])
        }

        func field(_ key: any CodingKey) -> Node {
            let node = Node()
            if fields == nil { fields = [] }
            fields?.append((key.stringValue, node))
            return node
        }

        func element() -> Node {
            let node = Node()
            if elements == nil { elements = [] }
            elements?.append(node)
            return node
        }
    }

    let node: Node
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func value(of value: some Encodable, at path: [any CodingKey]) throws -> JSONValue {
        let node = Node()
        try encode(value, into: node, at: path)
        return node.tree
    }

    static func encode(
        _ value: some Encodable, into node: Node, at path: [any CodingKey]
    ) throws {
        switch value {
        case let value as any CanonicallyWritten: node.value = .written(value.canonicalJSON)
        case let text as String: node.value = .string(text)
        case let value as Bool: node.value = .boolean(value)
        case let number as any BinaryInteger:
            guard let integer = Int(exactly: number),
                integer.magnitude <= JSONScanner.largestInteger
            else { throw refusal(value, "is an integer of more than 53 bits", path) }
            node.value = .integer(integer)
        case is any BinaryFloatingPoint: throw refusal(value, "is not an integer", path)
        default: try value.encode(to: CanonicalEncoder(node: node, codingPath: path))
        }
    }

    private static func refusal(
        _ value: Any, _ reason: String, _ path: [any CodingKey]
    ) -> EncodingError {
        .invalidValue(
            value, .init(codingPath: path, debugDescription: "the number \(value) \(reason)"))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.fields = node.fields ?? []
        return KeyedEncodingContainer(Keyed(node: node, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.elements = node.elements ?? []
        return Unkeyed(node: node, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        Single(node: node, codingPath: codingPath)
    }
}

/// A value that writes its own canonical JSON.
protocol CanonicallyWritten {
    var canonicalJSON: [UInt8] { get }
}

extension CanonicalEncoder {
    struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let node: Node
        let codingPath: [any CodingKey]

        func encodeNil(forKey key: Key) { node.field(key).value = .null }

        func encode(_ value: some Encodable, forKey key: Key) throws {
            try CanonicalEncoder.encode(value, into: node.field(key), at: codingPath + [key])
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) -> KeyedEncodingContainer<NestedKey> {
            encoder(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            encoder(key).unkeyedContainer()
        }

        func superEncoder() -> any Encoder { encoder(PathKey(stringValue: "super")) }
        func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

        private func encoder(_ key: any CodingKey) -> CanonicalEncoder {
            CanonicalEncoder(node: node.field(key), codingPath: codingPath + [key])
        }
    }

    struct Unkeyed: UnkeyedEncodingContainer {
        let node: Node
        let codingPath: [any CodingKey]
        var count: Int { node.elements?.count ?? 0 }

        func encodeNil() { node.element().value = .null }

        func encode(_ value: some Encodable) throws {
            let path = codingPath + [PathKey(intValue: count)]
            try CanonicalEncoder.encode(value, into: node.element(), at: path)
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type
        ) -> KeyedEncodingContainer<NestedKey> {
            encoder().container(keyedBy: type)
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            encoder().unkeyedContainer()
        }

        func superEncoder() -> any Encoder { encoder() }

        private func encoder() -> CanonicalEncoder {
            let path = codingPath + [PathKey(intValue: count)]
            return CanonicalEncoder(node: node.element(), codingPath: path)
        }
    }

    struct Single: SingleValueEncodingContainer {
        let node: Node
        let codingPath: [any CodingKey]

        func encodeNil() { node.value = .null }

        func encode(_ value: some Encodable) throws {
            try CanonicalEncoder.encode(value, into: node, at: codingPath)
        }
    }
}

/// A step in a coding path that no type names.
struct PathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}
