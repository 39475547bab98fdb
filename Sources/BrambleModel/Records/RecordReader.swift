/// Reads what `RecordWriter` wrote. Bytes that nobody wrote so are an error, never a crash: the
/// cache is a file that anything may have happened to.
package struct RecordReader {
    /// The bytes are not what a record of this version has.
    package struct Damage: Error {
        package init() {}
    }

    private let bytes: [UInt8]
    private var position: Int

    /// - Parameter position: Where the record begins.
    package init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = min(position, bytes.count)
    }

    package var isAtEnd: Bool { position == bytes.count }

    package mutating func number() throws(Damage) -> Int {
        let range = try take(8)
        let value = bytes.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Int64.self)
        }
        return Int(Int64(littleEndian: value))
    }

    package mutating func flag() throws(Damage) -> Bool {
        switch bytes[try take(1).lowerBound] {
        case 0: return false
        case 1: return true
        default: throw Damage()
        }
    }

    package mutating func text() throws(Damage) -> String {
        let range = try take(try number())
        let text = bytes.withUnsafeBufferPointer { bytes in
            String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
        guard let text else { throw Damage() }
        return text
    }

    package mutating func blob() throws(Damage) -> [UInt8] {
        Array(bytes[try take(try number())])
    }

    package mutating func list<Element>(
        _ element: (inout RecordReader) throws(Damage) -> Element
    ) throws(Damage) -> [Element] {
        let count = try number()
        // An element takes a byte at least: a count beyond that would only ask for memory.
        guard count >= 0, count <= bytes.count - position else { throw Damage() }
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try element(&self)) }
        return list
    }

    package mutating func texts() throws(Damage) -> [String] {
        try list { (reader) throws(Damage) in try reader.text() }
    }

    package mutating func optional<Value>(
        _ value: (inout RecordReader) throws(Damage) -> Value
    ) throws(Damage) -> Value? {
        try flag() ? try value(&self) : nil
    }

    /// A value whose form is a text.
    package mutating func parsed<Value: TextRepresentable>(
        _ type: Value.Type
    ) throws(Damage) -> Value {
        let text = try text()
        do throws(Fault) {
            return try Value(text)
        } catch {
            throw Damage()
        }
    }

    private mutating func take(_ count: Int) throws(Damage) -> Range<Int> {
        guard count >= 0, count <= bytes.count - position else { throw Damage() }
        defer { position += count }
        return position..<position + count
    }
}
