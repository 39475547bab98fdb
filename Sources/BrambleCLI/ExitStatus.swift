import Bramble
import BrambleModel
import Glibc

/// What the process ends with (DESIGN, "Command line"). The numbers are public: scripts rely on them.
enum ExitStatus: Hashable {
    case success
    /// A build has failed.
    case buildFailed
    /// The command line makes no sense.
    case usage
    /// The project's configuration or its evaluation is at fault.
    case configuration
    /// Tests have failed.
    case testsFailed
    /// Nothing matched what was asked for.
    case nothingMatched
    /// A hash, or the lock file, does not match.
    case lock
    /// Built again, something else came out.
    case notReproducible
    /// A limit was reached.
    case limit
    /// What other machines were to do cannot be done.
    case remote
    /// There is no sandbox.
    case sandbox
    /// A file, the disk or the store cannot be used.
    case files
    /// Something would change, or differs.
    case wouldChange
    /// Another machine does not allow it.
    case notAuthorised
    /// An address cannot be listened on.
    case listen
    /// Ctrl-C: 128 and the number of the signal, as shells count.
    case interrupted
    /// Nobody reads what is printed any more: 128 and the number of the signal `SIGPIPE`.
    case brokenPipe

    /// A program that was run has ended so: its own, or 128 and the number of a signal.
    case program(Int)

    /// What the kernel is told.
    var number: Int32 {
        switch self {
        case .success: 0
        case .buildFailed: 1
        case .usage: 2
        case .configuration: 3
        case .testsFailed: 4
        case .nothingMatched: 5
        case .lock: 6
        case .notReproducible: 7
        case .limit: 8
        case .remote: 9
        case .sandbox: 10
        case .files: 11
        case .wouldChange: 12
        case .notAuthorised: 13
        case .listen: 14
        case .interrupted: 130
        case .brokenPipe: 141
        case .program(let status): Int32(truncatingIfNeeded: status)
        }
    }

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
        case .remote: self = .remote
        case .notAuthorised: self = .notAuthorised
        case .listen: self = .listen
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
    func leave() -> Never { exit(number) }
}
