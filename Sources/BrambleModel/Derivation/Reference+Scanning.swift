/// How references are found in texts.
///
/// `{{` alone means nothing: templates of all kinds are full of it. Only what begins as a
/// reference, `{{`, then spaces or none, 32 letters or digits of base32 in either case, and `:`,
/// must go on as one. If it does not, it is an error rather than text: left alone it would reach
/// the build and fail there, far from the mistake. Among overlapping candidates the first one that
/// begins counts.
extension Reference {
    /// A reference in a text.
    public struct Occurrence: Hashable, Sendable {
        public let reference: Reference
        /// Where it is, in bytes of UTF-8.
        public let range: Range<Int>
    }

    /// Finds the references in a text, in order.
    ///
    /// - Throws: If something is almost a reference.
    public static func scan(_ text: String) throws(Fault) -> [Occurrence] {
        var occurrences: [Occurrence] = []
        try scan(text) { occurrences.append($0) }
        return occurrences
    }

    /// Runs `body` with each of the references in a text, in order.
    ///
    /// - Throws: If something is almost a reference.
    static func scan(_ text: String, _ body: (Occurrence) -> Void) throws(Fault) {
        var text = text
        let result = text.withUTF8 { bytes in
            Result { () throws(Fault) in try scan(bytes, body) }
        }
        try result.get()
    }

    /// A text with its references replaced.
    ///
    /// - Throws: If something is almost a reference, or what `replacement` throws.
    public static func replace(
        in text: String, _ replacement: (Reference) throws(Fault) -> String
    ) throws(Fault) -> String {
        let occurrences = try scan(text)
        guard !occurrences.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        for occurrence in occurrences {
            result += bytes[position..<occurrence.range.lowerBound]
            result += Array(try replacement(occurrence.reference).utf8)
            position = occurrence.range.upperBound
        }
        result += bytes[position...]
        return String(decoding: result, as: UTF8.self)
    }

    private static func scan(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (Occurrence) -> Void
    ) throws(Fault) {
        let brace = UInt8(ascii: "{")
        var offset = 0
        while offset + 1 < text.count {
            guard text[offset] == brace, text[offset + 1] == brace else {
                offset += 1
                continue
            }
            if let occurrence = try occurrence(text, at: offset) {
                body(occurrence)
                offset = occurrence.range.upperBound
            } else {
                offset += 1
            }
        }
    }

    /// Runs `body` with each of the references in the texts of some canonical JSON, in order. A
    /// reference has nothing that is escaped, so it stands there as it stands in its text.
    ///
    /// - Returns: Whether that is all; false if there may be a control character, and `body` may have
    ///   been run.
    /// - Throws: If something is almost a reference.
    static func scan(
        json: UnsafeRawBufferPointer, _ body: (Occurrence) -> Void
    ) throws(Fault) -> Bool {
        let text = json.bindMemory(to: UInt8.self)
        let (brace, backslash) = (UInt8(ascii: "{"), UInt8(ascii: "\\"))
        var offset = 0
        while offset + 1 < text.count {
            if ByteWord.isWhole(json, at: offset) {
                let word = ByteWord(json, at: offset)
                guard word.hasByte(brace) || word.hasByte(backslash) else {
                    offset += ByteWord.size
                    continue
                }
            }
            if text[offset] == backslash {
                guard text[offset + 1] != UInt8(ascii: "u") else { return false }
                offset += 2
            } else if text[offset] == brace, text[offset + 1] == brace,
                let occurrence = try occurrence(text, at: offset)
            {
                body(occurrence)
                offset = occurrence.range.upperBound
            } else {
                offset += 1
            }
        }
        return true
    }

    /// The reference that begins at two braces; nil if there is none.
    private static func occurrence(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int
    ) throws(Fault) -> Occurrence? {
        if let occurrence = standardOccurrence(text, at: start) { return occurrence }
        guard let colon = colonOfCandidate(text, at: start) else { return nil }
        return try occurrence(text, at: start, colon: colon)
    }

    /// A reference to an output of the usual name: almost all are.
    private static func standardOccurrence(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> Occurrence? {
        let colon = start + 3 + ShortHash.length
        let end = colon + standardEnd.utf8.count
        guard end <= text.count, text[start + 2] == UInt8(ascii: " "),
            text[colon..<end].elementsEqual(standardEnd.utf8),
            let hash = ShortHash(UnsafeBufferPointer(rebasing: text[start + 3..<colon]))
        else { return nil }
        return Occurrence(
            reference: Reference(DerivationHash(hash: hash), .standard), range: start..<end)
    }

    private static let standardEnd = ":out }}"

    /// Where the colon of what begins as a reference is; nil if it does not begin so.
    private static func colonOfCandidate(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> Int? {
        var offset = start + 2
        while offset < text.count, text[offset] == UInt8(ascii: " ") { offset += 1 }
        let colon = offset + ShortHash.length
        guard colon < text.count, text[colon] == UInt8(ascii: ":") else { return nil }
        let digits = text[offset..<colon]
        return digits.allSatisfy { ShortHash.isDigit($0) || $0.isASCIIUppercase } ? colon : nil
    }

    private static func occurrence(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int, colon: Int
    ) throws(Fault) -> Occurrence {
        let tail = colon + 1
        let length = OutputName.length(atStartOf: text[tail...])
        let end = tail + length + 3
        guard colon == start + 3 + ShortHash.length, text[start + 2] == UInt8(ascii: " "),
            let hash = ShortHash(UnsafeBufferPointer(rebasing: text[start + 3..<colon])),
            length > 0, end <= text.count,
            text[end - 3] == UInt8(ascii: " "), text[end - 2] == UInt8(ascii: "}"),
            text[end - 1] == UInt8(ascii: "}")
        else {
            let shown = text[start..<min(text.count, start + 64)]
            throw Fault(
                .malformedReference,
                quoted(String(decoding: shown, as: UTF8.self))
                    + " begins as a reference and is none",
                hint: grammarHint)
        }
        let output = OutputName(valid: String(decoding: text[tail..<tail + length], as: UTF8.self))
        return Occurrence(
            reference: Reference(DerivationHash(hash: hash), output), range: start..<end)
    }
}
