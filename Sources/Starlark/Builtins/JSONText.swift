/// The tokens of a JSON text (RFC 8259).
struct JSONText {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next token is looked for.
    var position = 0
    /// Completes "… character 'x'" in messages.
    private let unexpectedWord: StaticString

    init(_ bytes: UnsafeBufferPointer<UInt8>, unexpected word: StaticString = "unexpected") {
        self.bytes = bytes
        unexpectedWord = word
    }

    /// Skips white space. Whether anything is left.
    @inline(__always)
    mutating func skipSpace() -> Bool {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                position &+= 1
            default: return true
            }
        }
        return false
    }

    /// The next byte that is no space, which it does not pass.
    @inline(__always)
    mutating func next() throws(Failure) -> UInt8 {
        if skipSpace() { return bytes[position] }
        throw failure("unexpected end of file")
    }

    /// Fails if anything but space is left.
    mutating func expectEnd() throws(Failure) {
        if skipSpace() { throw unexpectedCharacter(" after value") }
    }

    /// Passes a word, if it is what comes.
    mutating func skip(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
            return false
        }
        position += count
        return true
    }

    /// Passes a string literal whose quote is next. Returns what is between the quotes, and whether
    /// that is plain ASCII without escapes.
    mutating func skipString() throws(Failure) -> (content: Range<Int>, isPlain: Bool) {
        let start = position + 1
        var isPlain = true
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index &+ 1
                return (start..<index, isPlain)
            }
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                index &+= 1
            } else if byte < 0x20 {
                throw failure(
                    "invalid character \(JSONText.quoted(byte)) in string literal", at: index)
            } else if byte >= 0x80 {
                isPlain = false
            }
            index &+= 1
        }
        throw failure("unclosed string literal")
    }

    /// Passes a number whose first byte, a digit or `-`, is next. Whether it has a fraction or
    /// exponent.
    mutating func skipNumber() throws(Failure) -> (content: Range<Int>, isFloat: Bool) {
        let start = position
        var isFloat = false
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if !NumberText.isDigit(byte) {
                switch byte {
                case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
                    UInt8(ascii: "-"):
                    isFloat = true
                default: return try checkNumber(start..<position, isFloat)
                }
            }
            position &+= 1
        }
        return try checkNumber(start..<position, isFloat)
    }

    /// JSON's grammar is stricter than ours: no zeros in front, and digits on both sides of the
    /// point.
    private func checkNumber(
        _ content: Range<Int>, _ isFloat: Bool
    ) throws(Failure) -> (content: Range<Int>, isFloat: Bool) {
        var rest = bytes[content]
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let whole = rest.prefix(while: NumberText.isDigit)
        rest = rest[whole.endIndex...]
        var isValid = whole.count == 1 || (whole.first ?? UInt8(ascii: "0")) != UInt8(ascii: "0")
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: NumberText.isDigit)
            isValid = isValid && fraction.count > 0
            rest = rest[fraction.endIndex...]
        }
        if let first = rest.first, first | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            isValid = isValid && rest.count > 0
            rest = rest.drop(while: NumberText.isDigit)
        }
        if isValid && rest.isEmpty { return (content, isFloat) }
        throw invalidNumber(content)
    }

    func invalidNumber(_ content: Range<Int>) -> Failure {
        failure("invalid number: \(String(decoding: bytes[content], as: UTF8.self))")
    }

    func unexpectedCharacter(_ place: StaticString = "") -> Failure {
        failure("\(unexpectedWord) character \(JSONText.quoted(bytes[position]))\(place)")
    }

    func failure(_ message: String, at offset: Int? = nil) -> Failure {
        Failure("at offset \(offset ?? position), \(message)")
    }

    /// A byte for a message.
    static func quoted(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"): return "'\\''"
        case UInt8(ascii: "\\"): return "'\\\\'"
        case 0x20..<0x7f: return "'\(Unicode.Scalar(byte))'"
        default:
            let digits = String(byte, radix: 16)
            return "'\\x\(digits.count < 2 ? "0" : "")\(digits)'"
        }
    }
}
