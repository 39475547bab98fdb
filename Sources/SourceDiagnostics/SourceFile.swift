import Synchronization

/// A source text with a name, and the way from byte offsets to lines and columns.
public final class SourceFile: Sendable {
    /// What messages call the file, usually its path as the user gave it.
    public let name: String
    /// The text as it was read. It may hold invalid UTF-8, which is for the scanner to refuse.
    public let bytes: [UInt8]
    /// The offset at which each line starts. Made at the first question about a place, which most
    /// files are never asked.
    private let lineStarts = Mutex<[Int]?>(nil)

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    public convenience init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// How many lines the text has. The part behind the last line end counts, even if it is empty.
    public var lineCount: Int {
        withLineStarts { $0.count }
    }

    /// The place of a byte. Offsets beyond the text stand for its end. The first call for a file
    /// takes time linear in its size; later ones, logarithmic in the number of lines and linear in
    /// the line.
    public func location(of offset: UInt32) -> SourcePosition {
        let offset = min(Int(offset), bytes.count)
        let (index, start) = withLineStarts { starts in
            let index = lineIndex(of: offset, in: starts)
            return (index, starts[index])
        }
        var column = 1
        for position in start..<offset where bytes[position] & 0xC0 != 0x80 { column += 1 }
        return SourcePosition(line: index + 1, column: column)
    }

    /// The offsets of a line's bytes, without its line end. Lines are counted from 1; a line that
    /// does not exist is empty and stands at the end.
    public func range(ofLine line: Int) -> Range<Int> {
        let (start, next) = withLineStarts { starts in
            guard line >= 1 && line <= starts.count else { return (bytes.count, bytes.count) }
            return (starts[line - 1], line < starts.count ? starts[line] : bytes.count)
        }
        var end = next
        if end > start && bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        if end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    /// The text of a line, without its line end; invalid UTF-8 is repaired.
    public func text(ofLine line: Int) -> String {
        String(decoding: bytes[range(ofLine: line)], as: UTF8.self)
    }

    /// The text of a span; invalid UTF-8 is repaired.
    public func text(of span: SourceSpan) -> String {
        let start = min(Int(span.start), bytes.count)
        let end = max(start, min(Int(span.end), bytes.count))
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    // MARK: Lines

    private func withLineStarts<Result: Sendable>(
        _ body: (borrowing [Int]) -> sending Result
    ) -> sending Result {
        lineStarts.withLock { starts in
            if let starts { return body(starts) }
            let made = SourceFile.makeLineStarts(bytes)
            starts = made
            return body(made)
        }
    }

    /// Lines end with a line feed, a carriage return, or both, as in the language.
    private static func makeLineStarts(_ bytes: [UInt8]) -> [Int] {
        var starts = [0]
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                starts.append(offset + 1)
            } else if byte == UInt8(ascii: "\r"),
                offset + 1 == bytes.count || bytes[offset + 1] != UInt8(ascii: "\n")
            {
                starts.append(offset + 1)
            }
        }
        return starts
    }

    /// The last line that starts at or before an offset.
    private func lineIndex(of offset: Int, in starts: borrowing [Int]) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
