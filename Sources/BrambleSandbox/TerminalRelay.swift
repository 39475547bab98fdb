import Glibc

/// Gives a command a terminal of its own, and passes what a person types and what it writes between that and the
/// person's.
///
/// A command in a sandbox begins a session, so the person's terminal cannot control it: Ctrl-C, Ctrl-Z and job control
/// would be bramble's. Theirs is raw as long as the relay goes on, and all keys are the command's business.
package final class TerminalRelay: Sendable {
    /// What is passed on at once.
    private static let bufferBytes = 16 << 10
    /// How often it is looked whether the person's terminal has another size.
    private static let lookMilliseconds: Int32 = 250

    /// The command's end, to be given to it as `SandboxStandardIO.terminal`.
    package var commandEnd: Int32 { pair.writing }

    private let input: Int32
    private let output: Int32
    private let pair: (reading: Int32, writing: Int32)
    /// Written to once the command has ended.
    private let end: (reading: Int32, writing: Int32)
    private let settings: termios
    private let thread: pthread_t

    /// Begins to pass on.
    ///
    /// - Parameters:
    ///   - input: A terminal, which stays the caller's.
    ///   - output: Where the command's output goes; the same terminal as a rule.
    /// - Throws: `SandboxError` if there can be no terminal, or `input` is none.
    package init(input: Int32, output: Int32) throws(SandboxError) {
        var before = termios()
        guard tcgetattr(input, &before) == 0 else {
            throw SandboxError(call: "tcgetattr", number: errno)
        }
        var terminal = try Descriptor.terminal()
        var signal = try Descriptor.pipe()
        pair = (terminal.reading.give(), terminal.writing.give())
        end = (signal.reading.give(), signal.writing.give())
        (self.input, self.output, settings) = (input, output, before)
        TerminalRelay.copySize(of: input, to: pair.writing)
        let work = Work(input: input, output: output, terminal: pair.reading, end: end.reading)
        guard let thread = work.start() else {
            for number in [pair.reading, pair.writing, end.reading, end.writing] { close(number) }
            throw SandboxError(call: "pthread_create", number: EAGAIN)
        }
        self.thread = thread
        var raw = before
        cfmakeraw(&raw)
        tcsetattr(input, TCSADRAIN, &raw)
    }

    /// Passes on what the command has still written, and gives the person's terminal back as it was. To be called
    /// once, when the command has ended.
    package func finish() {
        // What is left in the terminal is read before its end is seen.
        close(pair.writing)
        close(end.writing)
        pthread_join(thread, nil)
        var before = settings
        tcsetattr(input, TCSADRAIN, &before)
        close(pair.reading)
        close(end.reading)
    }

    private static func copySize(of terminal: Int32, to other: Int32) {
        var size = winsize()
        var known = winsize()
        guard ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0,
            ioctl(other, UInt(TIOCGWINSZ), &known) == 0,
            size.ws_row != known.ws_row || size.ws_col != known.ws_col
        else { return }
        // The kernel tells the command by SIGWINCH.
        _ = ioctl(other, UInt(TIOCSWINSZ), &size)
    }

    /// What the thread does.
    private final class Work: Sendable {
        let input: Int32
        let output: Int32
        let terminal: Int32
        let end: Int32

        init(input: Int32, output: Int32, terminal: Int32, end: Int32) {
            (self.input, self.output, self.terminal, self.end) = (input, output, terminal, end)
        }

        func start() -> pthread_t? {
            let reference = Unmanaged.passRetained(self)
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    // The argument is the reference retained above, and this thread its only taker.
                    if let argument {
                        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                    }
                    return nil
                }, reference.toOpaque())
            if status == 0 { return thread }
            reference.release()
            return nil
        }

        private func run() {
            var isInputOpen = true
            withUnsafeTemporaryAllocation(byteCount: TerminalRelay.bufferBytes, alignment: 1) {
                buffer in
                while true {
                    let events = Int16(POLLIN)
                    // Negative numbers are passed over.
                    var list = [
                        pollfd(fd: terminal, events: events, revents: 0),
                        pollfd(fd: isInputOpen ? input : -1, events: events, revents: 0),
                        pollfd(fd: end, events: events, revents: 0),
                    ]
                    let count = poll(&list, nfds_t(list.count), TerminalRelay.lookMilliseconds)
                    if count == 0 { TerminalRelay.copySize(of: input, to: terminal) }
                    if count <= 0 { continue }
                    if list[0].revents != 0, pass(from: terminal, to: output, buffer) { continue }
                    // The command has ended, and nothing is left of what it wrote.
                    if list[2].revents != 0 { return }
                    if list[1].revents != 0 {
                        isInputOpen = pass(from: input, to: terminal, buffer)
                    } else if list[0].revents != 0 {
                        // Nobody has the terminal open, for now: a program may open it again.
                        poll(nil, 0, 10)
                    }
                }
            }
        }

        /// - Returns: Whether there was something.
        private func pass(
            from source: Int32, to target: Int32, _ buffer: UnsafeMutableRawBufferPointer
        ) -> Bool {
            let count = read(source, buffer.baseAddress, buffer.count)
            guard count > 0 else { return false }
            var done = 0
            while done < count {
                let step = write(target, buffer.baseAddress.map { $0 + done }, count - done)
                if step > 0 {
                    done += step
                } else if errno == EAGAIN {
                    // Typed ahead, and more than a terminal keeps: that is lost on any of them.
                    if target == terminal { return true }
                    var place = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
                    poll(&place, 1, -1)
                } else if errno != EINTR {
                    // Nobody takes it any more.
                    return false
                }
            }
            return true
        }
    }
}
