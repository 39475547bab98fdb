/// One character of an excerpt: what is shown for it, and how many columns that takes.
package struct ExcerptCell {
    /// The offset of its first byte in the file.
    var offset: Int
    var text: String
    var width: Int

    /// The printable form of a character: itself, or a stand-in if it would not be seen, or would
    /// change how other text is seen.
    package static func text(of scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0..<0x20:
            // The pictures of the control characters stand in the same order.
            return Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? "?"
        case 0x20..<0x7F:
            return String(scalar)
        case 0x7F:
            return "\u{2421}"
        default:
            break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            return "<U+" + hex(scalar.value, digits: 4) + ">"
        default:
            return String(scalar)
        }
    }

    /// How many columns a printable character takes on most terminals.
    package static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// The blocks of East Asian wide characters and of pictures; Unicode Standard Annex 11,
    /// rounded.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF,
            0x20000...0x3FFFD:
            true
        default:
            false
        }
    }
}
