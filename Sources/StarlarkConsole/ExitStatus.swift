import Glibc

/// What the process ends with; the numbers are those of the `bramble` command where both have a case.
package enum ExitStatus: Int32 {
    case success = 0
    /// The command line makes no sense.
    case usage = 2
    /// The program has a mistake, or failed.
    case program = 3
    /// A limit that the command line sets was reached.
    case limit = 8
    /// A file could not be read or written.
    case file = 11
    /// Ctrl-C: 128 and the number of the signal, as shells count.
    case interrupted = 130
    /// Nobody reads what is printed any more: 128 and the number of the signal `SIGPIPE`.
    case brokenPipe = 141

    /// Ends the process.
    package func leave() -> Never { exit(rawValue) }
}
