/// Writes canonical JSON: no white space, and one way only to write each text and number.
///
/// Keys must come in the order of their UTF-8 bytes: its users write fields in a fixed order or sort first.
/// Each text of each derivation is written at least once, to be hashed, so the bytes lie in memory of the
/// writer's own: to append to an array takes several times as long.
package struct JSONWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    /// How many bytes were written so far.
    private(set) var count = 0
    private var capacity: Int
    /// Whether a comma is due before the next key or element.
    private var needsComma = false
    /// Whether the memory is somebody else's.
    private var isBorrowed = false

    /// - Parameter capacity: How many bytes will probably be written.
    package init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    /// Writes into memory that there is, as long as there is room.
    private init(borrowing start: UnsafeMutablePointer<UInt8>, capacity: Int) {
        self.start = start
        self.capacity = capacity
        isBorrowed = true
    }

    deinit { if !isBorrowed { start.deallocate() } }

    /// What `body` writes: in one piece from the beginning if it is not longer than expected.
    static func bytes(expected count: Int, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var longer: [UInt8]?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, written in
            guard let start = memory.baseAddress else { return }
            var writer = JSONWriter(borrowing: start, capacity: memory.count)
            body(&writer)
            if writer.isBorrowed { written = writer.count } else { longer = writer.bytes }
        }
        return longer ?? bytes
    }

    /// What was written so far.
    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    /// Runs `body` with what was written so far.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(start: start, count: count))
    }

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    package mutating func key(_ key: String) {
        string(key)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { appendEscaped($0) }
        append(UInt8(ascii: "\""))
    }

    /// A key and its text.
    package mutating func field(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    /// A hash as a string: no character of it needs an escape.
    mutating func string(_ hash: ShortHash) {
        separate()
        append(UInt8(ascii: "\""))
        hash.withBytes { append($0) }
        append(UInt8(ascii: "\""))
    }

    mutating func key(_ hash: ShortHash) {
        string(hash)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func integer(_ number: Int) { verbatim(Array(String(number).utf8)) }
    mutating func boolean(_ value: Bool) { verbatim(Array((value ? "true" : "false").utf8)) }
    mutating func null() { verbatim(Array("null".utf8)) }

    /// A value that is canonical JSON already.
    mutating func verbatim(_ json: [UInt8]) {
        separate()
        json.withUnsafeBytes { append($0) }
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: Bytes

    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        UnsafeMutableRawPointer(start + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Makes room for so many bytes more.
    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let new = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        new.update(from: start, count: count)
        if !isBorrowed { start.deallocate() }
        isBorrowed = false
        start = new
    }

    // MARK: Texts

    /// RFC 8785, 3.2.2.2: the short escapes where there are, `\u00xx` for other control characters,
    /// all else as it is.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        let text = UnsafeRawBufferPointer(text)
        // Most texts have nothing to escape.
        guard JSONWriter.needsEscape(text) else { return append(text) }
        var start = 0
        for offset in text.indices where JSONWriter.needsEscape(text[offset]) {
            append(UnsafeRawBufferPointer(rebasing: text[start..<offset]))
            appendEscape(text[offset])
            start = offset + 1
        }
        append(UnsafeRawBufferPointer(rebasing: text[start...]))
    }

    private static func needsEscape(_ text: UnsafeRawBufferPointer) -> Bool {
        ByteWord.contains(text) {
            $0.hasByte(below: 0x20) || $0.hasByte(UInt8(ascii: "\""))
                || $0.hasByte(UInt8(ascii: "\\"))
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        default:
            for byte in "u00".utf8 { append(byte) }
            append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 0xF
            append(low < 10 ? low + UInt8(ascii: "0") : low - 10 + UInt8(ascii: "a"))
        }
    }
}
