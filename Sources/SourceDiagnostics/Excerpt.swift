/// The place of a diagnostic and the source lines there, with the span marked.
///
/// A span on one line is underlined. One that goes over several has a line drawn along its left
/// side, from a caret under its first character to one under its last; of many lines, the first two
/// and the last two are shown.
struct Excerpt {
    let file: SourceFile
    let span: SourceSpan
    let options: DiagnosticRenderer.Options
    let style: Style

    private var start: Int { min(Int(span.start), file.bytes.count) }
    private var end: Int { max(start, min(Int(span.end), file.bytes.count)) }

    func render() -> String {
        let first = file.location(of: UInt32(start))
        let lastByte = end > start ? end - 1 : start
        let lastLine = file.location(of: UInt32(lastByte)).line
        let gutter = String(lastLine).count
        let arrow = Style.gutter.paint(String(repeating: " ", count: gutter) + "-->", options)
        let name = file.name.unicodeScalars.map(ExcerptCell.text(of:)).joined()
        var text = "\(arrow) \(name):\(first)\n" + margin(nil, gutter) + "\n"
        if first.line == lastLine {
            text += renderLine(first.line, gutter)
        } else {
            text += renderLines(first.line...lastLine, gutter)
        }
        return text
    }

    /// `12 |`, or ` |` of the same width.
    private func margin(_ line: Int?, _ gutter: Int) -> String {
        let number = line.map { String($0) } ?? ""
        let padding = String(repeating: " ", count: max(0, gutter - number.count))
        return Style.gutter.paint("\(padding)\(number) |", options)
    }

    private func mark(_ text: String) -> String { style.paint(text, options) }

    private func renderLine(_ number: Int, _ gutter: Int) -> String {
        let line = ExcerptLine(file: file, line: number, focus: span, options: options)
        let from = line.column(of: start)
        let carets = max(1, line.column(of: end) - from)
        let blank = String(repeating: " ", count: from)
        return margin(number, gutter) + pad(line.text) + "\n" + margin(nil, gutter) + " " + blank
            + mark(String(repeating: "^", count: carets)) + "\n"
    }

    /// An empty line has no white space behind its margin.
    private func pad(_ text: String) -> String { text.isEmpty ? "" : " " + text }

    private func renderLines(_ numbers: ClosedRange<Int>, _ gutter: Int) -> String {
        let firstLine = ExcerptLine(
            file: file, line: numbers.lowerBound,
            focus: SourceSpan(start: UInt32(start), end: UInt32(start)), options: options)
        let from = firstLine.column(of: start)
        var text = margin(numbers.lowerBound, gutter) + "   " + firstLine.text + "\n"
        text += margin(nil, gutter) + "  " + mark(String(repeating: "_", count: from + 1) + "^")
        text += "\n"
        for number in numbers.dropFirst() {
            if numbers.count > 5 && number > numbers.lowerBound + 1
                && number < numbers.upperBound - 1
            {
                if number == numbers.lowerBound + 2 {
                    text += Style.gutter.paint("...", options) + "\n"
                }
                continue
            }
            let isLast = number == numbers.upperBound
            let lastByte = UInt32(end - 1)
            let lineStart = UInt32(file.range(ofLine: number).lowerBound)
            let line = ExcerptLine(
                file: file, line: number,
                focus: isLast
                    ? SourceSpan(start: lastByte, end: UInt32(end))
                    : SourceSpan(start: lineStart, end: lineStart), options: options)
            text += margin(number, gutter) + " " + mark("|") + pad(line.text) + "\n"
            if isLast {
                let until = max(0, line.column(of: end) - 1)
                text += margin(nil, gutter) + " "
                text += mark("|" + String(repeating: "_", count: until + 1) + "^") + "\n"
            }
        }
        return text
    }
}
