import BrambleModel
import TestKit
import Testing

@testable import BrambleCLI

/// Builds that could be, event by event, on terminals of all sizes.
@Suite struct ProgressPropertyTests {
    /// Where a derivation is in its life.
    private enum Stage { case waiting, joined, running, ended }

    /// Yields valid events in a random order, and knows what must come of them.
    private struct RandomBuild {
        var random: SeededRandom
        var stages: [Sample: Stage] = [:]
        let samples: [Sample]
        var fetched: [Sample: Int] = [:]
        var fetchedBytes = 0
        var count: [String: Int] = [:]

        init(seed: UInt64) throws {
            random = SeededRandom(seed: seed)
            let number = Int.random(in: 1...30, using: &random)
            samples = try (0..<number).map { try Sample("\($0)-package") }
            for sample in samples { stages[sample] = .waiting }
        }

        var isOver: Bool { stages.values.allSatisfy { $0 == .ended } }

        mutating func next() throws -> BuildEvent {
            let open = samples.filter { stages[$0] != .ended }
            let sample = open[Int.random(in: 0..<open.count, using: &random)]
            let dice = Int.random(in: 0..<100, using: &random)
            switch stages[sample] {
            case .waiting where dice < 10:
                return end(sample, "skipped", sample.skipped(because: sample))
            case .waiting where dice < 30: return end(sample, "reused", sample.reused)
            case .waiting where dice < 40:
                stages[sample] = .joined
                return sample.joined
            case .joined where dice < 50: return end(sample, "reused", sample.reused)
            case .running where dice < 5: return end(sample, "reused", sample.reused)
            case .running where dice < 10: return sample.joined
            case .waiting, .joined:
                stages[sample] = .running
                return sample.started(
                    BuildEvent.Means.allCases[dice % 4], expected: dice % 3 == 0 ? dice * 999 : nil)
            case .running where dice < 15: return end(sample, "failed", sample.failed())
            case .running where dice < 35: return end(sample, "ended", try sample.finished(dice))
            case .running where dice < 60: return fetch(sample)
            default: return sample.logged(text())
            }
        }

        private mutating func end(
            _ sample: Sample, _ kind: String, _ event: BuildEvent
        ) -> BuildEvent {
            stages[sample] = .ended
            count[kind, default: 0] += 1
            return event
        }

        private mutating func fetch(_ sample: Sample) -> BuildEvent {
            let step = Int.random(in: 0..<5_000_000, using: &random)
            fetched[sample, default: 0] += step
            fetchedBytes += step
            let total = Bool.random(using: &random) ? step : nil
            return sample.fetched(fetched[sample] ?? 0, of: total)
        }

        /// Lines of all that may come: wide, combined, invisible, commands to the terminal.
        private mutating func text() -> String {
            let all = "ab c\t漢😀e\u{301}\u{200D}\u{FE0F}\u{1B}[2J\r\u{202E}\u{7}é\n"
            let scalars = Array(all.unicodeScalars)
            var text = ""
            for _ in 0..<Int.random(in: 0..<60, using: &random) {
                scalars.randomElement(using: &random).map { text.unicodeScalars.append($0) }
            }
            return text
        }

        mutating func size() -> TerminalSize {
            TerminalSize(
                columns: Int.random(in: 0...90, using: &random),
                rows: Int.random(in: 0...12, using: &random))
        }
    }

    private static func failures(seed: UInt64) throws -> [String] {
        var failures: [String] = []
        func check(_ condition: Bool, _ what: String) {
            if !condition { failures.append("seed \(seed): \(what)") }
        }
        var build = try RandomBuild(seed: seed)
        var progress = BuildProgress()
        var now = Duration.zero
        let early = try Sample("early-package")
        progress.take(early.reused, at: now)
        let count = build.samples.count
        progress.take(.planned(derivations: count + 5, pending: count), at: now)
        while !build.isOver {
            now += .milliseconds(Int.random(in: 0..<3_000, using: &build.random))
            progress.take(try build.next(), at: now)
            let counts = progress.counts
            check(counts.done + progress.running.count <= counts.total, "too many")
            check(counts.total == count + 1, "\(counts.total) in all")
            check(progress.fetchedBytes == build.fetchedBytes, "\(progress.fetchedBytes) bytes")
            for running in progress.running.values {
                check(running.log.lines.count <= LogTail.maximumLines, "a long tail")
            }
            let size = build.size()
            let lines = ProgressFrame(usesColor: Bool.random(using: &build.random))
                .render(progress, size: size, now: now)
            let rows = size.columns > 0 ? min(size.rows, progress.running.count + 1) : 0
            check(lines.count == rows, "\(lines.count) rows in \(size)")
            for line in lines {
                // By scalars: a mark that combines with the `m` before it is none of the sequence.
                let style = /\u{1B}\[[0-9;]*m/.matchingSemantics(.unicodeScalar)
                let plain = line.text.replacing(style, with: "")
                check(TerminalText.width(of: plain) == line.width, "width of \(plain)")
                check(line.width <= size.columns, "\(plain) in \(size)")
                check(!plain.unicodeScalars.contains { $0.properties.isControl }, plain)
            }
        }
        let counts = progress.counts
        check(progress.running.isEmpty, "something runs")
        check(counts.done == counts.total, "\(counts.done) of \(counts.total)")
        check(counts.failed == build.count["failed", default: 0], "failed")
        check(counts.skipped == build.count["skipped", default: 0], "skipped")
        check(counts.reused == build.count["reused", default: 0] + 1, "reused")
        return failures
    }

    @Test func framesFitAndCountsAgree() throws {
        let first = UInt64.random(in: 0...UInt64.max - 50)
        for seed in first..<first + 50 {
            let failures = try ProgressPropertyTests.failures(seed: seed)
            #expect(failures == [])
        }
    }

    /// Whatever the order of frames and lines, the lines that stay are all there in the end, in
    /// order, and nothing else is.
    @Test func nothingIsLostAboveTheLines() throws {
        let first = UInt64.random(in: 0...UInt64.max - 50)
        for seed in first..<first + 50 {
            var build = try RandomBuild(seed: seed)
            var terminal = FakeTerminal(columns: 40, rows: 8)
            var (progress, screen) = (BuildProgress(), LiveScreen())
            let lines = EventLines(
                showsBeginnings: false, isQuiet: false, isVerbose: false, usesColor: true)
            let frame = ProgressFrame(usesColor: true)
            var expected = FakeTerminal(columns: 40, rows: 8)
            var waiting = ""
            var now = Duration.zero
            while !build.isOver {
                let event = try build.next()
                let text = lines.text(for: event, before: progress)
                    .replacing("\t", with: " ")
                waiting += text
                expected.show(text)
                now += .milliseconds(40)
                progress.take(event, at: now)
                guard Bool.random(using: &build.random) else { continue }
                let shown = frame.render(
                    progress, size: TerminalSize(columns: 39, rows: 7), now: now)
                terminal.show(screen.draw(shown, below: waiting, columns: 40))
                waiting = ""
            }
            terminal.show(screen.draw([], below: waiting, columns: 40))
            #expect(terminal.text == expected.text, "seed \(seed)")
            #expect(terminal.isAtEnd && terminal.faults == [], "seed \(seed)")
        }
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isControl: Bool { generalCategory == .control }
}
