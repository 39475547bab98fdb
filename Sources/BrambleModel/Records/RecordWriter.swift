/// Writes values into the bytes of a record of a cache, which the same version of Bramble reads again.
///
/// Numbers are 8 bytes, least significant first; texts and lists have their counts before them.
package struct RecordWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func write(_ number: Int) {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func write(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    package mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    package mutating func write(_ blob: [UInt8]) {
        write(blob.count)
        bytes.append(contentsOf: blob)
    }

    package mutating func write<Value>(
        _ value: Value?, _ body: (inout RecordWriter, Value) -> Void
    ) {
        write(value != nil)
        if let value { body(&self, value) }
    }

    package mutating func write<Element>(
        _ list: [Element], _ element: (inout RecordWriter, Element) -> Void
    ) {
        write(list.count)
        for item in list { element(&self, item) }
    }
}
