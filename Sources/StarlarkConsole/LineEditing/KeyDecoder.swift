/// Makes keys of the bytes that a terminal sends.
///
/// Keys that are no characters arrive as escape sequences (ECMA-48, 5.4; xterm's control sequences), and so does
/// Alt with a key. A lone escape key is one byte that could begin any of these; only time tells, see
/// `timeOut`.
struct KeyDecoder {
    private enum State {
        case ground
        /// Behind the escape byte.
        case escape
        /// Behind `ESC O`.
        case singleShift
        /// In a control sequence, behind `ESC [`, with its parameters so far.
        case control([UInt8])
        /// In a character of several bytes.
        case character([UInt8], length: Int)
        /// Between the marks of a bracketed paste.
        case paste([UInt8])
    }

    private var state = State.ground

    /// What is longer is cut off: such a text is not meant for a prompt.
    private static let maximumPasteSizeBytes = 1 << 20
    private static let maximumSequenceLength = 32

    /// Whether a byte that begins a sequence has come, and nothing else yet.
    var isAfterEscape: Bool {
        if case .escape = state { return true }
        return false
    }

    /// Takes the escape byte, if it was the last one, for the escape key.
    mutating func timeOut() -> Key? {
        guard isAfterEscape else { return nil }
        state = .ground
        return .escape
    }

    /// Takes the next byte, and returns the key that it completes.
    mutating func feed(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return ground(byte)
        case .escape: return escape(byte)
        case .singleShift:
            state = .ground
            return KeyDecoder.key(final: byte, isModified: false)
        case .control(var parameters):
            if (0x40...0x7E).contains(byte) { return endControl(parameters, byte) }
            parameters.append(byte)
            let isTooLong = parameters.count > KeyDecoder.maximumSequenceLength
            state = isTooLong ? .ground : .control(parameters)
            return nil
        case .character(var bytes, let length):
            guard byte & 0xC0 == 0x80 else {
                state = .ground
                return ground(byte)
            }
            bytes.append(byte)
            guard bytes.count == length else {
                state = .character(bytes, length: length)
                return nil
            }
            state = .ground
            return String(decoding: bytes, as: UTF8.self).unicodeScalars.first.map(Key.text)
        case .paste(let bytes): return paste(bytes, byte)
        }
    }

    // MARK: States

    private mutating func ground(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x08, 0x7F: return .backspace
        case 0x01...0x1A: return .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x20..<0x7F: return .text(Unicode.Scalar(byte))
        case 0xC2...0xDF: state = .character([byte], length: 2)
        case 0xE0...0xEF: state = .character([byte], length: 3)
        case 0xF0...0xF4: state = .character([byte], length: 4)
        default: break
        }
        return nil
    }

    private mutating func escape(_ byte: UInt8) -> Key? {
        state = .ground
        switch byte {
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "O"): state = .singleShift
        case 0x1B:
            state = .escape
            return .escape
        case UInt8(ascii: "b"): return .wordLeft
        case UInt8(ascii: "f"): return .wordRight
        case UInt8(ascii: "d"): return .deleteWordForward
        case 0x08, 0x7F: return .deleteWordBackward
        case 0x0A, 0x0D: return .lineBreak
        default: break
        }
        return nil
    }

    private mutating func endControl(_ parameters: [UInt8], _ final: UInt8) -> Key? {
        state = .ground
        let parts = parameters.split(
            separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        let numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) }
        if final == UInt8(ascii: "~"), numbers.first == 200 {
            state = .paste([])
            return nil
        }
        // The second parameter is 1 and the sum of the modifiers: 2 for Alt, 4 for Ctrl.
        let modifiers = (numbers.count > 1 ? numbers[1] ?? 1 : 1) - 1
        let isModified = modifiers & 6 != 0
        guard final == UInt8(ascii: "~") else {
            return KeyDecoder.key(final: final, isModified: isModified)
        }
        switch numbers.first {
        case 1, 7: return .home
        case 4, 8: return .end
        case 3: return isModified ? .deleteWordForward : .delete
        default: return nil
        }
    }

    private static func key(final: UInt8, isModified: Bool) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): isModified ? .wordRight : .right
        case UInt8(ascii: "D"): isModified ? .wordLeft : .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        default: nil
        }
    }

    // MARK: Pasting

    /// `ESC [ 201 ~`
    private static let pasteEnd: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

    private mutating func paste(_ bytes: [UInt8], _ byte: UInt8) -> Key? {
        // Out of the state first, so that there is but one array.
        state = .ground
        var bytes = bytes
        bytes.append(byte)
        guard bytes.count >= KeyDecoder.pasteEnd.count,
            bytes.suffix(KeyDecoder.pasteEnd.count) == KeyDecoder.pasteEnd[...]
        else {
            let excess = bytes.count - KeyDecoder.maximumPasteSizeBytes
            // The last bytes may be the first of the end mark.
            if excess > 0 { bytes.remove(at: bytes.count - KeyDecoder.pasteEnd.count) }
            state = .paste(bytes)
            return nil
        }
        bytes.removeLast(KeyDecoder.pasteEnd.count)
        return .paste(KeyDecoder.withLineFeeds(bytes))
    }

    /// Terminals send carriage returns for line ends.
    private static func withLineFeeds(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var isAfterReturn = false
        for byte in bytes {
            let isReturn = byte == 0x0D
            if !(byte == 0x0A && isAfterReturn) { result.append(isReturn ? 0x0A : byte) }
            isAfterReturn = isReturn
        }
        return String(decoding: result, as: UTF8.self)
    }
}
