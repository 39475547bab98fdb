import Glibc

/// How large a terminal is, in characters.
struct TerminalSize: Equatable {
    var columns: Int
    var rows: Int

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The size that a terminal has now (man 2 ioctl_tty, `TIOCGWINSZ`); where it does not know, as some
    /// serial lines, that of a VT100.
    init(of descriptor: Int32) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else {
            self.init(columns: 80, rows: 24)
            return
        }
        self.init(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Whether a stream is a terminal on which the cursor can be moved.
    static func canDraw(on descriptor: Int32) -> Bool {
        guard isatty(descriptor) != 0, let name = getenv("TERM") else { return false }
        return !["", "dumb"].contains(String(cString: name))
    }
}
