/// Reads JSON from bytes, once, front to back, as its user asks for values.
///
/// Nothing is built up: the user says what it expects and gets it, or skips it. That makes one pass
/// of 100 MB without a tree in memory. The grammar is RFC 8259 with what I-JSON (RFC 7493) takes
/// away: valid UTF-8, no lone surrogates, no fractions or exponents, integers of at most 53 bits.
/// That no object has a key twice is checked by whoever keeps the keys.
///
///     try scanner.beginObject()
///     while let key = try scanner.nextKey() { … read or skip one value … }
///
/// Every byte is read behind a comparison with `end`, so no input can make the scanner read outside
/// the text. The owner of the text must keep it alive: scanners live inside
/// `withUnsafeBufferPointer` only.
package struct JSONScanner {
    enum Kind: String {
        case object = "an object"
        case array = "an array"
        case string = "a string"
        case number = "a number"
        case boolean = "a boolean"
        case null
    }

    let text: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    /// Where the next byte is.
    var offset: Int
    var end: Int { text.count }
    /// In how many arrays and objects `offset` is.
    private(set) var depth = 0
    /// Whether nothing of the innermost array or object was read yet.
    private var isFirst = false

    /// - Throws: If the text is longer than the limit, or begins with a byte order mark.
    init(_ text: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(Fault) {
        self.text = text
        self.limits = limits
        offset = 0
        guard text.count <= min(limits.bytes, Int(Int32.max)) else {
            throw Fault(
                .limit, "the text has \(text.count) bytes, more than the limit of \(limits.bytes)",
                hint: "split the graph")
        }
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw syntax("the text begins with a byte order mark", hint: "write UTF-8 without it")
        }
    }

    /// Reads a whole text.
    package static func read<Value>(
        _ json: [UInt8], limits: JSONLimits = .default,
        _ body: (inout JSONScanner) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let result = json.withUnsafeBufferPointer { text in
            Result { () throws(Fault) in
                var scanner = try JSONScanner(text, limits: limits)
                let value = try body(&scanner)
                try scanner.finish()
                return value
            }
        }
        return try result.get()
    }

    /// What the next value is.
    mutating func peek() throws(Fault) -> Kind {
        skipSpace()
        guard offset < end else { throw syntax("the text ends where a value is due") }
        switch text[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: throw syntax("\(describe(text[offset])) stands where a value is due")
        }
    }

    package mutating func beginObject() throws(Fault) { try begin(UInt8(ascii: "{")) }
    package mutating func beginArray() throws(Fault) { try begin(UInt8(ascii: "[")) }

    /// The next key of the object, with its colon, or nil and the object has ended.
    package mutating func nextKey() throws(Fault) -> String? {
        guard try next(UInt8(ascii: "}")) else { return nil }
        guard offset < end, text[offset] == UInt8(ascii: "\"") else {
            throw syntax("a key is due", hint: "keys are strings; none follows the last comma")
        }
        let key = try readString()
        skipSpace()
        try expect(UInt8(ascii: ":"))
        skipSpace()
        return key
    }

    /// Whether the array has one more element, which is then next; else the array has ended.
    package mutating func nextElement() throws(Fault) -> Bool {
        try next(UInt8(ascii: "]"))
    }

    /// That nothing follows the value that was read.
    mutating func finish() throws(Fault) {
        skipSpace()
        guard offset == end else {
            throw syntax("\(describe(text[offset])) follows the end of the value")
        }
    }

    mutating func readBoolean() throws(Fault) -> Bool {
        let isTrue = offset < end && text[offset] == UInt8(ascii: "t")
        try readWord(isTrue ? "true" : "false")
        return isTrue
    }

    mutating func readNull() throws(Fault) {
        try readWord("null")
    }

    private mutating func readWord(_ word: StaticString) throws(Fault) {
        guard end - offset >= word.utf8CodeUnitCount,
            (0..<word.utf8CodeUnitCount).allSatisfy({ text[offset + $0] == word.utf8Start[$0] })
        else { throw syntax("`\(word)` is due") }
        offset += word.utf8CodeUnitCount
    }

    private mutating func begin(_ bracket: UInt8) throws(Fault) {
        skipSpace()
        try expect(bracket)
        depth += 1
        guard depth <= limits.depth else {
            throw fault(.limit, "arrays and objects are nested more than \(limits.depth) deep")
        }
        isFirst = true
    }

    /// Passes the comma before a key or element, or the end of the array or object.
    private mutating func next(_ closing: UInt8) throws(Fault) -> Bool {
        skipSpace()
        guard offset < end else { throw syntax("the text ends inside of \(opening(closing))") }
        if text[offset] == closing {
            offset += 1
            depth -= 1
            isFirst = false
            return false
        }
        if isFirst {
            isFirst = false
            return true
        }
        guard text[offset] == UInt8(ascii: ",") else {
            throw syntax("`,` or `\(Unicode.Scalar(closing))` is due")
        }
        offset += 1
        skipSpace()
        guard offset < end, text[offset] != closing else {
            throw syntax("nothing follows a comma", hint: "JSON has no comma after the last value")
        }
        return true
    }

    private func opening(_ closing: UInt8) -> String {
        (closing == UInt8(ascii: "}") ? Kind.object : .array).rawValue
    }

    private mutating func expect(_ byte: UInt8) throws(Fault) {
        guard offset < end, text[offset] == byte else {
            throw syntax("`\(Unicode.Scalar(byte))` is due")
        }
        offset += 1
    }

    /// A scanner that is at a value elsewhere in the text.
    func restarted(at offset: Int) -> JSONScanner {
        var scanner = self
        scanner.offset = offset
        scanner.depth = 0
        return scanner
    }

    mutating func skipSpace() {
        while offset < end {
            switch text[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }
}

extension JSONScanner {
    func syntax(_ message: String, hint: String? = nil) -> Fault {
        fault(.syntax, "not JSON: " + message, hint: hint)
    }

    func fault(_ code: Fault.Code, _ message: String, hint: String? = nil) -> Fault {
        var fault = Fault(code, message, hint: hint)
        fault.offset = offset
        return fault
    }

    func describe(_ byte: UInt8) -> String {
        guard byte > 0x20 && byte < 0x7F else { return "the byte 0x\(String(byte, radix: 16))" }
        return "`\(Unicode.Scalar(byte))`"
    }
}
