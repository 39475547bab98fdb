import Starlark
import StarlarkConsole

/// What the command line asks for.
struct CommandConfiguration: Sendable {
    /// Where the program comes from.
    enum Input: Equatable {
        case file(String)
        case standardInput
        /// The text itself, given with `-c`.
        case text(String)
        /// Whatever a person types.
        case interactive
    }

    enum ProfileFormat: String, CaseIterable {
        /// For people.
        case table
        /// For flame graphs: a line for each path of calls, with the microseconds spent at its end.
        case collapsed
    }

    struct ProfileRequest {
        var format: ProfileFormat
        /// Where it goes; standard error if nil.
        var path: String?
    }

    var input: Input
    /// What follows the program on the command line.
    var arguments: [String] = []
    var onlyChecks = false
    /// The options that `--dialect` names; nil if it is not there.
    var dialect: Dialect?
    var limits = EvaluationLimits()
    var color = ColorChoice.auto
    var profile: ProfileRequest?

    init(input: Input) {
        self.input = input
    }
}
