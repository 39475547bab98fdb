/// A source line as an excerpt shows it: characters made visible, and clipped around what matters.
struct ExcerptLine {
    private(set) var cells: [ExcerptCell] = []
    /// Whether something is left out before the first cell, or behind the last.
    private(set) var isClippedLeft = false
    private(set) var isClippedRight = false
    private let range: Range<Int>

    /// - Parameter focus: What must stay in view; a part of it may lie on other lines.
    init(
        file: SourceFile, line: Int, focus: SourceSpan, options: DiagnosticRenderer.Options
    ) {
        range = file.range(ofLine: line)
        let width = max(options.excerptWidth, 20)
        let start = min(max(Int(focus.start), range.lowerBound), range.upperBound)
        let end = min(max(Int(focus.end), start), range.upperBound)
        // Only the surroundings of the focus are decoded: a line may be many megabytes long. No
        // character takes more than four bytes.
        let reach = width * 4
        var first = max(range.lowerBound, start - reach)
        while first < start && first > range.lowerBound && file.bytes[first] & 0xC0 == 0x80 {
            first += 1
        }
        let last = min(range.upperBound, start + reach)
        decode(file.bytes, first..<last, tabWidth: max(options.tabWidth, 1))
        isClippedLeft = first > range.lowerBound
        isClippedRight = last < range.upperBound
        clip(to: width, start: start, end: end)
    }

    /// The line's text, with marks where it is clipped.
    var text: String {
        (isClippedLeft ? "…" : "") + cells.map(\.text).joined() + (isClippedRight ? "…" : "")
    }

    /// The line's text without white space on either side.
    var trimmedText: String {
        let text = text
        let isSpace = { (character: Character) in character == " " }
        guard let first = text.firstIndex(where: { !isSpace($0) }),
            let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }

    /// The column, from 0, at which an offset of the file is shown.
    func column(of offset: Int) -> Int {
        var column = isClippedLeft ? 1 : 0
        for cell in cells {
            if cell.offset >= offset { return column }
            column += cell.width
        }
        return column
    }

    // MARK: Decoding

    private mutating func decode(_ bytes: [UInt8], _ range: Range<Int>, tabWidth: Int) {
        var column = 0
        var offset = range.lowerBound
        while offset < range.upperBound {
            let byte = bytes[offset]
            var cell = ExcerptCell(offset: offset, text: "", width: 1)
            var length = 1
            if byte == UInt8(ascii: "\t") {
                cell.width = tabWidth - column % tabWidth
                cell.text = String(repeating: " ", count: cell.width)
            } else if let scalar = ExcerptLine.scalar(bytes, at: offset, limit: range.upperBound) {
                cell.text = ExcerptCell.text(of: scalar)
                cell.width =
                    cell.text.unicodeScalars.count == 1
                    ? ExcerptCell.width(of: cell.text.unicodeScalars.first ?? scalar)
                    : cell.text.utf8.count
                length = UTF8.width(scalar)
            } else {
                cell.text = "<" + ExcerptCell.hex(UInt32(byte), digits: 2) + ">"
                cell.width = 4
            }
            cells.append(cell)
            column += cell.width
            offset += length
        }
    }

    /// The character at an offset, or nil if its bytes are not valid UTF-8.
    private static func scalar(_ bytes: [UInt8], at offset: Int, limit: Int) -> Unicode.Scalar? {
        if bytes[offset] < 0x80 { return Unicode.Scalar(bytes[offset]) }
        var decoder = UTF8()
        var iterator = bytes[offset..<min(offset + 4, limit)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return scalar
    }

    // MARK: Clipping

    /// Drops cells on both sides until the line fits. The focus's start stays in view with a third
    /// of the width before it, and as much of its end as there is room for.
    private mutating func clip(to width: Int, start: Int, end: Int) {
        let total = cells.reduce(0) { $0 + $1.width }
        if total <= width && !isClippedLeft && !isClippedRight { return }
        let startColumn = columnOfCell(at: start)
        let endColumn = columnOfCell(at: end)
        var left = 0
        if isClippedLeft || endColumn > width {
            left = max(0, min(startColumn - width / 3, max(endColumn - width * 2 / 3, 0)))
            left = max(left, startColumn - width * 2 / 3)
        }
        let right = left + width
        var column = 0
        var kept: [ExcerptCell] = []
        for cell in cells {
            if column < left {
                isClippedLeft = true
            } else if column + cell.width > right {
                isClippedRight = true
                break
            } else {
                kept.append(cell)
            }
            column += cell.width
        }
        cells = kept
    }

    private func columnOfCell(at offset: Int) -> Int {
        var column = 0
        for cell in cells {
            if cell.offset >= offset { return column }
            column += cell.width
        }
        return column
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x80: 1
        case 0x80..<0x800: 2
        case 0x800..<0x10000: 3
        default: 4
        }
    }
}
