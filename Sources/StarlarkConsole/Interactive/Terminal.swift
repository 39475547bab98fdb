import Glibc

/// The terminal that is standard input and output, switched to hand over every key as it is pressed.
///
/// It is switched back when the value ends.
struct Terminal: ~Copyable {
    private let original: termios

    /// - Throws: `FileFailure` if standard input is no terminal.
    init() throws(FileFailure) {
        original = try Terminal.handOverKeys()
        Terminal.heedResizing()
        // Pasted text comes between marks, so that its line ends are no enter keys.
        write("\u{1B}[?2004h")
    }

    /// - Returns: The settings as they were.
    private static func handOverKeys() throws(FileFailure) -> termios {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
            throw FileFailure("read", "standard input", call: "tcgetattr")
        }
        let original = settings
        settings.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
        settings.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
        guard tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) == 0 else {
            throw FileFailure("read", "standard input", call: "tcsetattr")
        }
        return original
    }

    deinit {
        write("\u{1B}[?2004l")
        var settings = original
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }

    /// How large it is now.
    static var size: EditorScreen.Size {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return EditorScreen.Size(columns: 80, rows: 24) }
        return EditorScreen.Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Whether both streams are a terminal that can be drawn on.
    static var isUsable: Bool {
        guard isatty(STDIN_FILENO) != 0, isatty(STDOUT_FILENO) != 0 else { return false }
        guard let name = getenv("TERM") else { return false }
        return !["", "dumb"].contains(String(cString: name))
    }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while let base = bytes.baseAddress, done < bytes.count {
                let count = Glibc.write(STDOUT_FILENO, base + done, bytes.count - done)
                if count > 0 { done += count } else if errno != EINTR { return }
            }
        }
    }

    /// What waiting for a key ends with.
    enum Event {
        case byte(UInt8)
        case timeOut
        /// The size may have changed.
        case interruption
        case end
    }

    /// Waits for the next byte.
    func next(timeOut: Duration?) -> Event {
        var poller = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let milliseconds = timeOut.map { Int32($0 / .milliseconds(1)) } ?? -1
        let ready = poll(&poller, 1, milliseconds)
        if ready == 0 { return .timeOut }
        if ready < 0 { return errno == EINTR ? .interruption : .end }
        var byte: UInt8 = 0
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 1 { return .byte(byte) }
        return count < 0 && errno == EINTR ? .interruption : .end
    }

    /// Lets a change of the window's size end the waiting for a key. Without a handler it would not.
    private static func heedResizing() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(SIGWINCH, &action, nil)
    }
}
