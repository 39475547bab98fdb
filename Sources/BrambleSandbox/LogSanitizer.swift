import Glibc

/// Turns what a command writes into lines that are safe to show and to store.
///
/// Programs may write anything, and a log is read on terminals that obey it. So escape sequences and
/// control characters are taken out, tabs stay, a carriage return ends a line as a line feed does (it is how
/// programs draw progress), bytes that are not UTF-8 become U+FFFD, and so do characters that turn the
/// direction of text. A line that is longer than the limit is cut, and says so. Memory is bounded by the limit,
/// whatever comes.
package struct LogSanitizer: Sendable {
    /// Where we are in an escape sequence (ECMA-48, "Control sequences").
    private enum State {
        case text
        /// Behind ESC.
        case escape
        /// Behind ESC [, until a byte from `@` to `~`.
        case sequence
        /// A string for the terminal, until BEL or ESC \.
        case string
        case stringEscape
    }

    /// Bytes of a line, without the note that it was cut.
    package let lineLimit: Int
    private var state = State.text
    private var line: [UInt8] = []
    private var isCut = false
    /// Whether a line feed ends nothing, as a carriage return did.
    private var followsReturn = false

    /// 8 KiB: a screen of text; longer lines are data.
    package static let usualLineLimit = 8 << 10

    package init(lineLimit: Int = LogSanitizer.usualLineLimit) {
        precondition(lineLimit > 0, "a line has room for something")
        self.lineLimit = lineLimit
    }

    /// Takes what comes next, and hands on the lines that it ends.
    package mutating func append(_ bytes: UnsafeRawBufferPointer, line emit: (String) -> Void) {
        var index = 0
        while index < bytes.count {
            if isCut { index = LogSanitizer.nextLineEnd(in: bytes, from: index) }
            if index < bytes.count { take(bytes[index], emit) }
            index += 1
        }
    }

    /// Where the rest of a line that is cut ends: nothing before it matters, and there may be gigabytes.
    private static func nextLineEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return bytes.count }
        var end = bytes.count
        for byte in [UInt8(ascii: "\n"), UInt8(ascii: "\r")] {
            if let found = memchr(base + start, Int32(byte), end - start) {
                end = UnsafeRawPointer(found) - base
            }
        }
        return end
    }

    /// Hands on what is left of a last line without end.
    package mutating func finish(line emit: (String) -> Void) {
        if !line.isEmpty || isCut { endLine(emit) }
        state = .text
        followsReturn = false
    }

    private mutating func take(_ byte: UInt8, _ emit: (String) -> Void) {
        // A line's end ends every sequence: an unclosed one must not swallow the rest of the log.
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            state = .text
            let isSecondHalf = byte == UInt8(ascii: "\n") && followsReturn
            followsReturn = byte == UInt8(ascii: "\r")
            if !isSecondHalf { endLine(emit) }
            return
        }
        followsReturn = false
        switch state {
        case .text: takeText(byte)
        case .escape: state = LogSanitizer.stateAfterEscape(byte)
        case .sequence: if (0x40...0x7e).contains(byte) { state = .text }
        case .string:
            if byte == 0x07 { state = .text }
            if byte == 0x1b { state = .stringEscape }
        case .stringEscape: state = byte == UInt8(ascii: "\\") ? .text : .string
        }
    }

    private mutating func takeText(_ byte: UInt8) {
        if byte == 0x1b {
            state = .escape
        } else if line.count >= lineLimit {
            isCut = true
        } else if byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") {
            line.append(byte)
        }
    }

    private static func stateAfterEscape(_ byte: UInt8) -> State {
        switch byte {
        case UInt8(ascii: "["): .sequence
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
            UInt8(ascii: "_"):
            .string
        // Intermediate bytes come before the last one.
        case 0x20...0x2f, 0x1b: .escape
        default: .text
        }
    }

    private mutating func endLine(_ emit: (String) -> Void) {
        var text = String(decoding: line, as: UTF8.self)
        if line.contains(where: { $0 >= 0x80 }) {
            text.unicodeScalars = LogSanitizer.withoutControls(text.unicodeScalars)
        }
        emit(isCut ? text + LogSanitizer.cutNote : text)
        line.removeAll(keepingCapacity: true)
        isCut = false
    }

    static let cutNote = " … (line cut)"

    /// Replaces control characters of the upper half, and those that change the direction of text.
    private static func withoutControls(_ scalars: String.UnicodeScalarView)
        -> String.UnicodeScalarView
    {
        var result = String.UnicodeScalarView()
        for scalar in scalars {
            switch scalar.value {
            case 0x80...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
                result.append("\u{fffd}")
            default: result.append(scalar)
            }
        }
        return result
    }
}
