import BrambleModel
import Glibc
import StarlarkConsole
import TestKit
import Testing

@testable import BrambleCLI

/// Builds as they are reported, from the events to the bytes on standard error.
@Suite struct BuildReporterTests {
    private func summary() -> BuildEvent {
        var summary = BuildSummary()
        summary.built = 1
        summary.milliseconds = 1_234
        return .ended(summary: summary)
    }

    /// What a console writes, to a path in place of standard error.
    private func console(_ path: String, isQuiet: Bool = false) throws -> Console {
        Console(
            color: .never, isQuiet: isQuiet, output: try .file("/dev/null"),
            messages: try .file(path))
    }

    @Test(arguments: [false, true])
    func plainLinesComeAtOnce(_ isQuiet: Bool) throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/messages"
        let console = try console(path, isQuiet: isQuiet)
        let reporter = BuildReporter(
            console: console,
            mode: .init(isLive: false, isQuiet: isQuiet, isVerbose: false, usesColor: false))
        let hello = try Sample("hello")
        reporter.take(hello.started())
        #expect(try TextFile.read(path) == (isQuiet ? "" : "building hello\n"))
        console.say("by the way")
        reporter.take(hello.failed(.sandbox, "no sandbox"))
        reporter.take(summary())
        reporter.finish()
        let quiet = "error: no sandbox\n"
        let all = "building hello\nby the way\nerror: no sandbox\nbuilt 1 in 1.2s\n"
        #expect(try TextFile.read(path) == (isQuiet ? quiet : all))
    }

    @Test func whoStopsIsToldWhatWasDone() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/messages"
        let reporter = BuildReporter(
            console: try console(path),
            mode: .init(isLive: false, isQuiet: false, isVerbose: false, usesColor: false),
            now: { .seconds(2) })
        reporter.take(try Sample("gcc").reused)
        reporter.finish()
        #expect(try TextFile.read(path) == "stopped after 2.0s: reused 1\n")
    }

    @Test func whatWasNoBuildIsNotMentioned() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/messages"
        BuildReporter(
            console: try console(path),
            mode: .init(isLive: true, isQuiet: false, isVerbose: true, usesColor: false)
        ).finish()
        #expect(try TextFile.read(path) == "")
    }

    /// Many threads at once: every line is whole, and there.
    @Test func anyThreadMaySend() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/messages"
        let reporter = BuildReporter(
            console: try console(path),
            mode: .init(isLive: false, isQuiet: false, isVerbose: true, usesColor: false))
        let samples = try (0..<8).map { try Sample("s-\($0)") }
        await withDiscardingTaskGroup { group in
            for sample in samples {
                group.addTask {
                    reporter.take(sample.started())
                    for number in 0..<100 { reporter.take(sample.logged("\(number)\n")) }
                }
            }
        }
        let lines = try TextFile.read(path).split(separator: "\n")
        #expect(lines.count == 808)
        for sample in samples {
            let logged = lines.filter { $0.hasPrefix("\(sample.name)> ") }
            #expect(logged == (0..<100).map { "\(sample.name)> \($0)" })
        }
    }

    /// What waits for a terminal that takes nothing has a limit, and only logs are left out.
    @Test func whatWaitsIsBounded() throws {
        let lines = EventLines(
            showsBeginnings: false, isQuiet: false, isVerbose: true, usesColor: false)
        let board = ProgressBoard(lines: lines, now: { .zero })
        let hello = try Sample("hello")
        board.take(hello.started())
        let log = String(repeating: String(repeating: "x", count: 92) + "\n", count: 100)
        for _ in 0..<200 { board.take(hello.logged(log)) }
        board.take(try hello.finished(4))
        let text = board.read().text
        #expect(text.utf8.count <= ProgressBoard.maximumWaitingBytes + 100)
        // 100 bytes a line with the name and the end: 104 events fit.
        #expect(text.hasSuffix("built hello (4ms)\n… 9600 lines of logs left out\n"))
        #expect(board.read().text == "")
    }

    /// A terminal in the place of standard error, and all that is seen on it.
    @Test func liveLinesOnATerminal() throws {
        var terminal = try PseudoTerminal(columns: 40, rows: 8)
        let console = try console(terminal.path)
        let reporter = BuildReporter(
            console: console,
            mode: .init(isLive: true, isQuiet: false, isVerbose: false, usesColor: true),
            now: { .seconds(1) })
        let (hello, zlib) = (try Sample("hello"), try Sample("zlib"))
        reporter.take(.planned(derivations: 2, pending: 2))
        reporter.take(hello.started())
        reporter.take(zlib.started(.fetch))
        var screen = try terminal.screen { $0.text.hasSuffix("[0/2] 2 running · 1s\n") }
        #expect(screen.text == "hello  0ms\nzlib   0ms  fetching\n[0/2] 2 running · 1s\n")
        console.say("a message")
        reporter.take(try hello.finished(900))
        screen = try terminal.screen { $0.text.hasSuffix("[1/2] 1 running · 1s\n") }
        let above = "a message\nbuilt hello (0.9s)\n"
        #expect(screen.text == above + "zlib  0ms  fetching\n[1/2] 1 running · 1s\n")
        reporter.take(try zlib.finished(1_000))
        reporter.take(summary())
        reporter.finish()
        screen = try terminal.screen { $0.text.hasSuffix(" in 1.2s\n") }
        #expect(screen.text == above + "fetched zlib (1.0s)\nbuilt 1 in 1.2s\n")
        #expect(screen.isAtEnd && screen.faults == [])
    }
}

/// A terminal whose other side is ours (man 7 pty).
private struct PseudoTerminal: ~Copyable {
    private let descriptor: Int32
    /// The terminal, for whoever writes to it.
    let path: String
    private let columns: Int
    private let rows: Int
    private var received: [UInt8] = []

    init(columns: Int, rows: Int) throws {
        (self.columns, self.rows) = (columns, rows)
        descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXFailure(call: "open", number: errno) }
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(descriptor, PseudoTerminal.setLock, &unlocked) == 0,
            ioctl(descriptor, PseudoTerminal.getNumber, &number) == 0,
            ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0
        else { throw POSIXFailure(call: "ioctl", number: errno) }
        path = "/dev/pts/\(number)"
    }

    deinit { close(descriptor) }

    /// `TIOCSPTLCK` and `TIOCGPTN`, which are macros with arguments that Swift does not see.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    private static let patienceMilliseconds: Int32 = 20_000

    /// What is to be seen when a condition holds.
    mutating func screen(when isDone: (FakeTerminal) -> Bool) throws -> FakeTerminal {
        while true {
            // From the beginning: a character may have been cut in two.
            var screen = FakeTerminal(columns: columns, rows: rows)
            screen.show(String(decoding: received, as: UTF8.self))
            if isDone(screen) { return screen }
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, PseudoTerminal.patienceMilliseconds) == 1 else {
                throw POSIXFailure(call: "poll", number: ETIMEDOUT)
            }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(descriptor, &bytes, bytes.count)
            guard count > 0 else { throw POSIXFailure(call: "read", number: errno) }
            received += bytes.prefix(count)
        }
    }
}
