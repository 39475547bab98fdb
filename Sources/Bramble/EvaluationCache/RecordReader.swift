import BrambleModel

/// Reads what `RecordWriter` wrote. Bytes that nobody wrote so are an error, never a crash: the
/// cache is a file that anything may have happened to.
struct RecordReader {
    /// The bytes are not what a record of this version has.
    struct Damage: Error {}

    private let bytes: [UInt8]
    private var position: Int

    /// - Parameter position: Where the record begins.
    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = min(position, bytes.count)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func number() throws(Damage) -> Int {
        let range = try take(8)
        let value = bytes.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Int64.self)
        }
        return Int(Int64(littleEndian: value))
    }

    mutating func flag() throws(Damage) -> Bool {
        switch bytes[try take(1).lowerBound] {
        case 0: return false
        case 1: return true
        default: throw Damage()
        }
    }

    mutating func text() throws(Damage) -> String {
        let range = try take(try number())
        let text = bytes.withUnsafeBufferPointer { bytes in
            String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
        guard let text else { throw Damage() }
        return text
    }

    mutating func blob() throws(Damage) -> [UInt8] {
        Array(bytes[try take(try number())])
    }

    mutating func list<Element>(
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

    mutating func texts() throws(Damage) -> [String] {
        try list { (reader) throws(Damage) in try reader.text() }
    }

    mutating func optional<Value>(
        _ value: (inout RecordReader) throws(Damage) -> Value
    ) throws(Damage) -> Value? {
        try flag() ? try value(&self) : nil
    }

    /// A value whose form is a text.
    mutating func parsed<Value: TextRepresentable>(
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
