import Glibc
import TestKit
import Testing

@testable import BrambleSandbox

/// A person's terminal, and that of a command behind it.
@Suite struct TerminalRelayTests {
    @Test(.timeLimit(.minutes(1)))
    func commandHasATerminalOfItsOwn() async throws {
        let person = try Descriptor.terminal()
        let terminal = person.writing.number
        var size = winsize(ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
        #expect(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
        let before = try settings(terminal)
        let relay = try TerminalRelay(input: terminal, output: terminal)
        #expect(try settings(terminal).c_lflag & tcflag_t(ISIG | ICANON | ECHO) == 0)
        let probe = try ProbeRun("terminal")
        let command = probe.command
        let end = relay.commandEnd
        async let run = ProbeRun.sharedLauncher().run(command, .terminal(end))
        let shown = try await text(person.reading.number, until: "foreground")
        #expect(shown.hasPrefix("terminal 1, 30 rows of 100\r\n"))
        // The command's terminal echoes, and turns the key into the end of a line.
        #expect(write(person.reading.number, "hello\r", 6) == 6)
        let rest = try await text(person.reading.number, until: "got hello")
        #expect((shown + rest).contains("foreground 1"))
        #expect(rest.contains("hello\r\ngot hello"))
        #expect(try await run.isSuccess)
        relay.finish()
        #expect(try settings(terminal).c_lflag == before.c_lflag)
        withExtendedLifetime(probe) { withExtendedLifetime(person) {} }
    }

    /// Ctrl-C is a key like others to the person's terminal, and the command's makes a signal of it.
    @Test(.timeLimit(.minutes(1)))
    func interruptReachesTheCommand() async throws {
        let person = try Descriptor.terminal()
        let relay = try TerminalRelay(
            input: person.writing.number, output: person.writing.number)
        let probe = try ProbeRun("sleep")
        let command = probe.command
        let end = relay.commandEnd
        async let run = ProbeRun.sharedLauncher().run(command, .terminal(end))
        _ = try await text(person.reading.number, until: "ready")
        #expect(write(person.reading.number, "\u{3}", 1) == 1)
        #expect(try await run.ending == .signalled(SIGINT))
        relay.finish()
        withExtendedLifetime(probe) { withExtendedLifetime(person) {} }
    }

    @Test func aPipeIsNoTerminal() throws {
        let pipe = try Descriptor.pipe()
        #expect(throws: SandboxError.self) {
            try TerminalRelay(input: pipe.reading.number, output: pipe.writing.number)
        }
    }

    private func settings(_ terminal: Int32) throws -> termios {
        var settings = termios()
        try #require(tcgetattr(terminal, &settings) == 0)
        return settings
    }

    /// What is shown until a text was.
    private func text(_ terminal: Int32, until end: String) async throws -> String {
        var shown = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !shown.contains(end) {
            try Task.checkCancellation()
            let count = read(terminal, &buffer, buffer.count)
            if count > 0 { shown += String(decoding: buffer[..<count], as: UTF8.self) }
            await Task.yield()
        }
        return shown
    }
}
