public import SourceDiagnostics

/// Why an operation ended without its result: what kind of failure it is, and all that is to be
/// shown of it.
public struct BrambleError: Error, Sendable {
    /// Who is to act: each kind has an exit status of its own (DESIGN, "Command line").
    public enum Kind: String, Sendable, CaseIterable {
        /// The request makes no sense, whatever the project.
        case usage
        /// A project's file, or a graph, has a mistake, or its evaluation failed.
        case configuration
        /// A pattern, or a name, matched nothing.
        case nothingMatched
        /// The lock file and the request contradict each other.
        case lock
        /// A limit was reached.
        case limit
        /// A file, the disk or the store cannot be used.
        case files
        /// Files would have to change, and may not, or are there already.
        case wouldChange
        /// The kernel does not allow the sandbox.
        case sandbox
        /// What other machines are needed for cannot be done.
        case remote
        /// Another machine does not allow it.
        case notAuthorised
        /// An address cannot be listened on.
        case listen
        /// The user interrupted.
        case interrupted
    }

    /// One thing to show.
    public enum Problem: Sendable {
        /// A mistake at a place of a file.
        case diagnostic(Diagnostic)
        /// A mistake without a place, after the calls that led to it, outermost first.
        case message(String, callStack: [CallFrame] = [], hint: String? = nil)
    }

    public let kind: Kind
    /// In the order in which they are to be shown; never empty.
    public let problems: [Problem]

    public init(_ kind: Kind, _ problems: [Problem]) {
        precondition(!problems.isEmpty, "an error that says nothing")
        self.kind = kind
        self.problems = problems
    }

    /// - Parameters:
    ///   - message: What is wrong, without a full stop.
    ///   - hint: What to do about it.
    public init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.init(kind, [.message(message, hint: hint)])
    }
}

extension BrambleError: CustomStringConvertible {
    /// The problems without excerpts, a line each.
    public var description: String {
        problems.map { problem in
            switch problem {
            case .diagnostic(let diagnostic):
                let place = diagnostic.file.location(of: diagnostic.span.start)
                return "\(diagnostic.file.name):\(place): \(diagnostic.message)"
            case .message(let message, _, _): return message
            }
        }.joined(separator: "\n")
    }
}
