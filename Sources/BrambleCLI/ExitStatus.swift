import Bramble
import BrambleModel
import Glibc

/// What the process ends with (DESIGN, "Command line"). The numbers are public: scripts rely on them.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    /// A build has failed.
    case buildFailed = 1
    /// The command line makes no sense.
    case usage = 2
    /// The project's configuration or its evaluation is at fault.
    case configuration = 3
    /// Tests have failed.
    case testsFailed = 4
    /// Nothing matched what was asked for.
    case nothingMatched = 5
    /// A hash, or the lock file, does not match.
    case lock = 6
    /// Built again, something else came out.
    case notReproducible = 7
    /// A limit was reached.
    case limit = 8
    /// What other machines were to do cannot be done.
    case remote = 9
    /// There is no sandbox.
    case sandbox = 10
    /// A file, the disk or the store cannot be used.
    case files = 11
    /// Something would change, or differs.
    case wouldChange = 12
    /// Ctrl-C: 128 and the number of the signal, as shells count.
    case interrupted = 130
    /// Nobody reads what is printed any more: 128 and the number of the signal `SIGPIPE`.
    case brokenPipe = 141

    init(_ kind: BrambleError.Kind) {
        switch kind {
        case .usage: self = .usage
        case .configuration: self = .configuration
        case .nothingMatched: self = .nothingMatched
        case .lock: self = .lock
        case .limit: self = .limit
        case .files: self = .files
        case .wouldChange: self = .wouldChange
        case .sandbox: self = .sandbox
        case .interrupted: self = .interrupted
        }
    }

    init(_ reason: BuildFailure.Reason) {
        switch reason {
        case .builder, .output, .fetch, .graph: self = .buildFailed
        case .hashMismatch: self = .lock
        case .notReproducible: self = .notReproducible
        case .limit: self = .limit
        case .sandbox: self = .sandbox
        case .store: self = .files
        case .remote: self = .remote
        case .cancelled: self = .interrupted
        }
    }

    /// Ends the process.
    func leave() -> Never { exit(rawValue) }
}
