internal import BrambleModel
import Subprocess

/// A program of the user's that knows secrets: it is run with the argument `get`, is asked on its standard
/// input, and answers on its standard output.
struct HelperProgram: Hashable, Sendable {
    let program: String
    let arguments: [String]

    struct Answer: Sendable {
        let isSuccess: Bool
        let output: String
        /// The last line of what it says to people.
        let complaint: String?
    }

    /// An answer is a few lines.
    private static let maximumBytes = 64 << 10

    /// A shell gives the program its question and becomes the program, whether that is a name or a path. The library
    /// could write to it too, but takes down this process if the program ends without reading (1.0.2).
    private static let script = "exec \"$@\" <<END\n$BRAMBLE_QUESTION\nEND"
    /// A shell's statuses for what is not there, and what cannot be executed (POSIX).
    private static let shellFailures: ClosedRange<Int32> = 126...127

    /// - Parameters:
    ///   - question: Without the end of its last line.
    ///   - environment: The whole environment.
    /// - Throws: `FetchError`, `forbidden`, if it cannot be run; `CancellationError`.
    func ask(_ question: String, environment: [String: String]) async throws -> Answer {
        var environment = environment
        environment["BRAMBLE_QUESTION"] = question
        do {
            let result = try await run(
                .name("sh"),
                arguments: Arguments(
                    ["-c", HelperProgram.script, "sh", program] + arguments + ["get"]),
                environment: .custom(environment.asSubprocessEnvironment), input: .none,
                output: .string(limit: HelperProgram.maximumBytes),
                error: .string(limit: HelperProgram.maximumBytes))
            if case .exited(let status) = result.terminationStatus,
                HelperProgram.shellFailures.contains(status)
            {
                throw failure("cannot be run")
            }
            return Answer(
                isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
                complaint: result.standardError.split(separator: "\n").last.map(String.init))
        } catch let error as SubprocessError {
            if Task.isCancelled { throw CancellationError() }
            throw failure("cannot be run", cause: error)
        }
    }

    func failure(_ what: String, cause: (any Error)? = nil) -> FetchError {
        FetchError(.forbidden, "the credential helper \(quoted(program)) \(what)", cause: cause)
    }
}

extension [String: String] {
    /// The same, as the library has it.
    var asSubprocessEnvironment: [Environment.Key: String] {
        [Environment.Key: String](
            compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } },
            uniquingKeysWith: { first, _ in first })
    }
}
