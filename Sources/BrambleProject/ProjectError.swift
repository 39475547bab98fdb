/// Why a project, or something in it, cannot be used, where no line of a file is to blame.
package struct ProjectError: Error, Hashable, Sendable {
    /// What kind of failure it is, for programs and exit codes.
    package enum Code: Hashable, Sendable {
        /// What was asked for is not spelt as it must be.
        case usage
        /// The project does not have what was asked for, or is not in order.
        case configuration
        /// A pattern matches nothing.
        case nothingMatched
        /// A path leads out of the project.
        case outside
        /// A size or a count is over its limit.
        case limit
        /// The system refused.
        case inputOutput
    }

    package let code: Code
    /// What is wrong, without a full stop; names stand in backticks.
    package let message: String
    /// What to do about it.
    package let hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension ProjectError: CustomStringConvertible {
    package var description: String { message + (hint.map { "\nhint: \($0)" } ?? "") }
}
