/// Writes canonical JSON: no white space, and one way only to write each text and number.
///
/// Keys must come in the order of their UTF-8 bytes; the writer asserts it in debug builds only, as
/// its users write fields in a fixed order or sort first.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    /// Whether a comma is due before the next key or element.
    private var needsComma = false

    /// - Parameter capacity: How many bytes will probably be written.
    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    package mutating func key(_ key: String) {
        string(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { appendEscaped($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A key and its text.
    package mutating func field(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    /// A hash as a string: no character of it needs an escape.
    mutating func string(_ hash: ShortHash) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        hash.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func key(_ hash: ShortHash) {
        string(hash)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func integer(_ number: Int) { verbatim(Array(String(number).utf8)) }
    mutating func boolean(_ value: Bool) { verbatim(Array((value ? "true" : "false").utf8)) }
    mutating func null() { verbatim(Array("null".utf8)) }

    /// A value that is canonical JSON already.
    mutating func verbatim(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// RFC 8785, 3.2.2.2: the short escapes where there are, `\u00xx` for other control characters,
    /// all else as it is.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        // Most texts have nothing to escape.
        guard JSONWriter.needsEscape(text) else { return bytes.append(contentsOf: text) }
        var start = 0
        for offset in text.indices where JSONWriter.needsEscape(text[offset]) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<offset]))
            appendEscape(text[offset])
            start = offset + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    /// Whether any byte needs an escape; it looks at 16 at a time.
    private static func needsEscape(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(text)
        let (quote, backslash) = (
            SIMD16<UInt8>(repeating: UInt8(ascii: "\"")),
            SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
        )
        let space = SIMD16<UInt8>(repeating: 0x20)
        var offset = 0
        while offset + 16 <= raw.count {
            let chunk = raw.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            if any(chunk .< space .| chunk .== quote .| chunk .== backslash) { return true }
            offset += 16
        }
        return raw[offset...].contains { needsEscape($0) }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 0xF
            bytes.append(low < 10 ? low + UInt8(ascii: "0") : low - 10 + UInt8(ascii: "a"))
        }
    }
}
