/// A foreign text as it may stand in a message: in backticks, see `visible`.
package func quoted(_ text: String) -> String {
    "`" + visible(text) + "`"
}

/// A foreign text with everything escaped that would disturb a terminal or mislead a reader
/// (control and bidirectional characters), and cut if it is long.
package func visible(_ text: String) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        if count == longestVisibleText { return result + "…" }
        switch scalar.value {
        case 0x22, 0x5C: result += "\\" + String(scalar)
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// In characters: more than any name that is valid here, and still one or two lines.
private let longestVisibleText = 100

extension UInt8 {
    var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    var isASCIILowercase: Bool { self &- UInt8(ascii: "a") < 26 }
    var isASCIIUppercase: Bool { self &- UInt8(ascii: "A") < 26 }
    var isASCIILetter: Bool { isASCIILowercase || isASCIIUppercase }
}
