/// The offset of the first byte that breaks the encoding, or nil for valid UTF-8.
///
/// Long runs of ASCII, which is all there is in most files, pass at eight bytes a step.
func firstInvalidUTF8(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = text.baseAddress else { return nil }
    let raw = UnsafeRawPointer(base)
    var offset = 0
    while offset < text.count {
        while offset &+ 8 <= text.count {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            offset &+= 8
        }
        if offset >= text.count { break }
        if base[offset] < 0x80 {
            offset &+= 1
        } else {
            let length = utf8Length(text, at: offset)
            if length == 0 { return offset }
            offset &+= length
        }
    }
    return nil
}

/// The length of the multi-byte sequence at an offset, 0 if it is not well-formed: Unicode
/// Standard, table 3-7.
private func utf8Length(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int {
    let first = text[offset]
    let (length, second): (Int, ClosedRange<UInt8>) =
        switch first {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: (0, 0...0)
        }
    guard length > 0, offset + length <= text.count else { return 0 }
    guard second.contains(text[offset + 1]) else { return 0 }
    for index in 2..<max(length, 2) where text[offset + index] & 0xC0 != 0x80 { return 0 }
    return length
}
