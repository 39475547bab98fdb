extension DiagnosticRenderer {
    /// A call stack, outermost frame first, with the line of each; empty without frames.
    ///
    /// ```text
    /// call stack, most recent call last:
    ///   BUILD:12:4: in <toplevel>
    ///     library("a")
    /// ```
    public func render(_ callStack: [CallFrame]) -> String {
        guard !callStack.isEmpty else { return "" }
        var text = Style.bold.paint("call stack, most recent call last:", options) + "\n"
        var index = 0
        while index < callStack.count {
            let frame = callStack[index]
            text += render(frame)
            var next = index + 1
            while next < callStack.count && isSame(callStack[next], frame) { next += 1 }
            // Recursion: the same place over and over says nothing more than how often.
            let repeats = next - index - 1
            if repeats > 2 {
                text += "    … \(repeats) more times\n"
            } else {
                for _ in 0..<repeats { text += render(frame) }
            }
            index = next
        }
        return text
    }

    private func isSame(_ a: CallFrame, _ b: CallFrame) -> Bool {
        a.function == b.function && a.span == b.span && a.file === b.file
    }

    private func render(_ frame: CallFrame) -> String {
        let location = frame.file.location(of: frame.span.start)
        let place = "\(visible(frame.file.name)):\(location)"
        var text = "  \(place): in \(Style.bold.paint(visible(frame.function), options))\n"
        let line = ExcerptLine(
            file: frame.file, line: location.line, focus: frame.span, options: options)
        let source = line.trimmedText
        if !source.isEmpty { text += "    \(source)\n" }
        return text
    }
}
