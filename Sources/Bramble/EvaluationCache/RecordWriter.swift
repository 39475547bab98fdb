/// Writes values into the bytes of a cache record, which the same version of Bramble reads again.
///
/// Numbers are 8 bytes, least significant first; texts and lists have their counts before them.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    mutating func write(_ number: Int) {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write(_ blob: [UInt8]) {
        write(blob.count)
        bytes.append(contentsOf: blob)
    }

    mutating func write<Value>(
        _ value: Value?, _ body: (inout RecordWriter, Value) -> Void
    ) {
        write(value != nil)
        if let value { body(&self, value) }
    }

    mutating func write<Element>(
        _ list: [Element], _ element: (inout RecordWriter, Element) -> Void
    ) {
        write(list.count)
        for item in list { element(&self, item) }
    }
}
