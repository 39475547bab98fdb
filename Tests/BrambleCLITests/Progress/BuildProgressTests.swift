import BrambleModel
import Testing

@testable import BrambleCLI

/// What is known of a build after its events.
@Suite struct BuildProgressTests {
    private let (hello, zlib, gcc): (Sample, Sample, Sample)

    init() throws {
        (hello, zlib, gcc) = (try Sample("hello"), try Sample("zlib"), try Sample("gcc"))
    }

    @Test func everyEndIsCountedOnce() throws {
        var counts = BuildProgress.Counts()
        counts.derivations = 6
        counts.pending = 4
        let app = try Sample("app")
        let progress = BuildProgress(after: [
            (0, gcc.reused), (0, .planned(derivations: 6, pending: 4)), (0, try gcc.finished(0)),
            (1, hello.started()), (2, zlib.started(.fetch)), (3, app.started(.substitute)),
            (4, try hello.finished(3)), (5, try zlib.finished(3)), (6, try app.finished(3)),
        ])
        counts.early = 1
        counts.reused = 1
        counts.built = 1
        counts.fetched = 1
        counts.substituted = 1
        #expect(progress.counts == counts)
        #expect(progress.counts.done == 4)
        #expect(progress.counts.total == 5, "what is needed by what is there does not count")
        #expect(progress.running.isEmpty)
    }

    @Test func whatAnotherProcessBuildsIsReused() throws {
        var progress = BuildProgress(after: [(0, hello.joined)])
        #expect(progress.running[hello.hash]?.means == nil)
        progress.take(try hello.finished(9), at: .seconds(1))
        #expect(progress.counts.reused == 1)
        #expect(progress.counts.done == 1)
        #expect(progress.running.isEmpty)
    }

    @Test func whoeverWaitedInVainBuildsIt() throws {
        var progress = BuildProgress(after: [(0, hello.joined), (500, hello.started())])
        #expect(progress.running[hello.hash]?.start == .milliseconds(500))
        #expect(progress.running[hello.hash]?.isWaiting == false)
        progress.take(try hello.finished(9), at: .seconds(1))
        #expect(progress.counts.built == 1)
    }

    /// A lock may be found held only after the work has begun.
    @Test func waitingEndsWithTheFirstSignOfWork() throws {
        var progress = BuildProgress(after: [(0, hello.started()), (500, hello.joined)])
        #expect(progress.running[hello.hash]?.isWaiting == true)
        #expect(progress.running[hello.hash]?.start == .zero)
        progress.take(hello.logged("x\n"), at: .seconds(1))
        #expect(progress.running[hello.hash]?.isWaiting == false)
        progress.take(try hello.finished(9), at: .seconds(1))
        #expect(progress.counts.built == 1)
    }

    @Test func failuresSkipOthers() {
        let progress = BuildProgress(after: [
            (0, zlib.started()), (1, zlib.failed()), (1, hello.skipped(because: zlib)),
        ])
        #expect(progress.counts.failed == 1)
        #expect(progress.counts.skipped == 1)
        #expect(progress.failures == [zlib.hash: .init(name: zlib.name, isStopped: false)])
    }

    @Test func whatIsStoppedHasNotFailed() {
        let progress = BuildProgress(after: [
            (0, zlib.started()), (1, zlib.failed(.cancelled)), (1, hello.skipped(because: zlib)),
        ])
        #expect(progress.counts.failed == 0)
        #expect(progress.counts.stopped == 1)
        #expect(progress.counts.done == 2)
        #expect(progress.failures == [zlib.hash: .init(name: zlib.name, isStopped: true)])
    }

    @Test func graphsAddToWhatThereIsToDo() {
        let progress = BuildProgress(after: [
            (0, .planned(derivations: 2, pending: 1)),
            (1, .spliced(derivation: gcc.hash, root: hello.hash, derivations: 5)),
            (1, .spliced(derivation: gcc.hash, root: hello.hash, derivations: -1)),
        ])
        #expect(progress.counts.derivations == 7)
        #expect(progress.counts.pending == 6)
    }

    /// The `derivation_output` itself has ended; that it is finished is said when the root is there.
    @Test func splicedDerivationsDoNotRun() throws {
        var progress = BuildProgress(after: [
            (0, .planned(derivations: 1, pending: 1)), (0, gcc.started()),
            (1, .spliced(derivation: gcc.hash, root: hello.hash, derivations: 1)),
        ])
        #expect(progress.running.isEmpty)
        #expect(progress.counts.built == 1)
        progress.take(hello.started(), at: .zero)
        progress.take(try hello.finished(1), at: .zero)
        progress.take(try gcc.finished(0), at: .zero)
        #expect(progress.counts.built == 2)
        #expect(progress.counts.total == 2)
    }

    @Test(
        arguments: [
            ([10, 50, 100], 100, 100), ([50, 10, 20], 70, 20), ([-5], 0, 0),
            ([.max, 1, .max], .max, .max),
        ])
    func fetchedBytes(_ steps: [Int], _ all: Int, _ now: Int) {
        var progress = BuildProgress(after: [(0, zlib.started(.fetch))])
        for step in steps { progress.take(zlib.fetched(step), at: .zero) }
        #expect(progress.fetchedBytes == all)
        #expect(progress.running[zlib.hash]?.fetchedBytes == now)
    }

    @Test func whatNobodyBeganIsPassedOver() throws {
        let progress = BuildProgress(after: [
            (0, hello.logged("x\n")), (0, hello.fetched(5)), (0, try hello.finished(1)),
        ])
        #expect(progress.running.isEmpty)
        #expect(progress.counts == BuildProgress.Counts())
        #expect(progress.fetchedBytes == 0)
    }

    @Test func theEndIsTheEnd() {
        var summary = BuildSummary()
        summary.built = 7
        let progress = BuildProgress(after: [(0, hello.started()), (1, .ended(summary: summary))])
        #expect(progress.running.isEmpty)
        #expect(progress.summary == summary)
    }

    /// What is left is said only if nothing has to be guessed.
    @Test func timeLeft() throws {
        var progress = BuildProgress(after: [
            (0, .planned(derivations: 3, pending: 3)), (0, hello.started(expected: 10_000)),
            (0, zlib.started(expected: 4_000)),
        ])
        #expect(progress.left(at: .seconds(1)) == nil, "one has not begun")
        progress.take(gcc.started(), at: .seconds(1))
        #expect(progress.left(at: .seconds(1)) == nil, "one is new")
        progress.take(try gcc.finished(1_000), at: .seconds(2))
        #expect(progress.left(at: .seconds(2)) == .seconds(8))
        #expect(progress.left(at: .seconds(60)) == .zero)
        progress.take(try hello.finished(1), at: .seconds(3))
        progress.take(try zlib.finished(1), at: .seconds(3))
        #expect(progress.left(at: .seconds(3)) == nil, "nothing runs")
    }

    @Test func logsAreBounded() {
        var log = LogTail()
        log.append("one\ntwo\n\n")
        #expect(log.lines == ["one", "two", ""])
        #expect(log.lastVisibleLine == "two")
        log.append("no end")
        #expect(log.lines.last == "no end")
        log.append((1...30).map { "line \($0)\r\n" }.joined())
        #expect(log.lineCount == 34)
        #expect(log.lines.count == LogTail.maximumLines)
        #expect(log.lines.first == "line 6\r")
        log.append(String(repeating: "漢", count: 3_000) + "\n")
        #expect(log.lines.last == String(repeating: "漢", count: LogTail.maximumLineScalars))
        log.append("")
        #expect(log.lineCount == 35)
    }
}
