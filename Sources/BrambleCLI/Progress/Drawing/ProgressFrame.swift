import BrambleModel

/// What a live terminal shows of a build: what runs, longest running first, and a line for all.
///
/// ```text
/// gcc-14.2     2m05s of ~20m00s  checking whether the linker is GNU ld... yes
/// zlib-1.3.1   3.1s              34.1 MB of 120 MB
/// hello        0.4s              waiting for another process
/// and 4 more
/// [12/48] 7 running, 1 failed, 210 MB fetched · 2m34s
/// ```
struct ProgressFrame {
    /// Below that width, names matter more than how long something took the last time.
    private static let narrowColumns = 40
    private static let gap = 2

    let usesColor: Bool

    /// - Parameter now: Since the build began.
    /// - Returns: At most as many lines as `size` has rows, none wider than it has columns; as many as
    ///   there is something to show in.
    func render(_ progress: BuildProgress, size: TerminalSize, now: Duration) -> [ScreenLine] {
        guard size.columns > 0, size.rows > 0 else { return [] }
        let builds = progress.running.values.sorted(by: RunningDerivation.precedes)
        var room = size.rows - 1
        // Where there is one row for builds, it shows one; the status line has their number.
        let isCut = builds.count > room && room > 1
        if isCut { room -= 1 }
        let shown = builds.prefix(room).map { Row($0, at: now, isNarrow: isNarrow(size)) }
        var lines = draw(shown, columns: size.columns)
        if isCut { lines.append(line(size) { $0.add("and \(builds.count - room) more", .dim) }) }
        lines.append(line(size) { drawStatus(progress, at: now, &$0) })
        return lines
    }

    private func isNarrow(_ size: TerminalSize) -> Bool {
        size.columns < ProgressFrame.narrowColumns
    }

    private func line(_ size: TerminalSize, _ fill: (inout ScreenLine) -> Void) -> ScreenLine {
        var line = ScreenLine(columns: size.columns, usesColor: usesColor)
        fill(&line)
        return line
    }

    // MARK: Builds

    /// The three columns of a build.
    private struct Row {
        let name: String
        let time: String
        /// What has come of a fetch, or who does the work where it is not the sandbox.
        let state: String
        let log: Substring

        init(_ build: RunningDerivation, at now: Duration, isNarrow: Bool) {
            name = build.name.description
            var time = build.elapsed(at: now).exactText
            if let expected = build.expected, !isNarrow { time += " of \(expected.expectedText)" }
            self.time = time
            state = ProgressFrame.state(of: build)
            log = (build.log.lastVisibleLine ?? "").drop { $0 == " " || $0 == "\t" }
        }
    }

    private func draw(_ rows: [Row], columns: Int) -> [ScreenLine] {
        let widest = rows.map(\.name.utf8.count).max() ?? 0
        let nameEnd = min(widest, max((columns - ProgressFrame.gap) / 2, 1))
        let timeStart = nameEnd + ProgressFrame.gap
        let timeEnd = timeStart + (rows.map(\.time.utf8.count).max() ?? 0)
        return rows.map { row in
            var line = ScreenLine(columns: columns, usesColor: usesColor)
            line.add(TerminalText.cut(row.name, to: nameEnd).text, .bold)
            line.pad(to: timeStart)
            line.add(row.time)
            for (text, style) in [(row.state[...], TextStyle.plain), (row.log, .dim)]
            where !text.isEmpty {
                line.pad(to: max(timeEnd, line.width) + ProgressFrame.gap)
                line.add(text, style)
            }
            return line
        }
    }

    private static func state(of build: RunningDerivation) -> String {
        if build.isWaiting { return "waiting for another process" }
        if let bytes = build.fetchedBytes {
            let total = build.totalBytes.map { " of \(DataSize(bytes: $0))" } ?? ""
            return "\(DataSize(bytes: bytes))\(total)"
        }
        switch build.means {
        case .sandbox, nil: return ""
        case .fetch: return "fetching"
        case .substitute: return "substituting"
        case .remote, .server: return "elsewhere"
        case .check: return "again, to compare"
        }
    }

    // MARK: The whole

    private func drawStatus(
        _ progress: BuildProgress, at now: Duration, _ line: inout ScreenLine
    ) {
        let counts = progress.counts
        var separator = ""
        func add(_ text: String, _ style: TextStyle = .plain) {
            line.add(separator)
            line.add(text, style)
            separator = ", "
        }
        if counts.total > 0 { line.add("[\(counts.done)/\(counts.total)] ", .bold) }
        if !progress.running.isEmpty { add("\(progress.running.count) running") }
        if counts.checked > 0 { add("\(counts.checked) checked") }
        if counts.failed > 0 { add("\(counts.failed) failed", .bad) }
        if progress.fetchedBytes > 0 { add("\(DataSize(bytes: progress.fetchedBytes)) fetched") }
        if !separator.isEmpty { separator = " · " }
        add(now.roughText)
        separator = " · "
        if let left = progress.left(at: now), left > .zero { add("about \(left.roughText) left") }
    }
}
