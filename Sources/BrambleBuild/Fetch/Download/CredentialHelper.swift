internal import BrambleModel
import Subprocess

/// A program that knows names and passwords, asked as Git asks its own (man 7 gitcredentials): it is
/// run with the argument `get`, is told `protocol=` and `host=` on lines of its standard input, and
/// answers with `username=` and `password=`, or with nothing.
package struct CredentialHelper: Hashable, Sendable {
    package let program: String
    package let arguments: [String]

    package init(program: String, arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    /// An answer is a few lines.
    private static let maximumAnswerBytes = 64 << 10

    /// - Throws: The program can't be run, or fails. What it says is not shown: it may be a secret.
    func credential(
        for address: HTTPAddress, environment: [String: String]
    ) async throws -> Credential? {
        let question =
            "protocol=\(address.isSecure ? "https" : "http")\nhost=\(address.authority)\n\n"
        let answer: String?
        do {
            let result = try await run(
                .name(program), arguments: Arguments(arguments + ["get"]),
                environment: .custom(environment.asSubprocessEnvironment),
                input: .string(question),
                output: .string(limit: CredentialHelper.maximumAnswerBytes), error: .discarded)
            answer = result.terminationStatus.isSuccess ? result.standardOutput : nil
        } catch let error as SubprocessError {
            if Task.isCancelled { throw CancellationError() }
            throw failure("cannot be run", cause: error)
        }
        guard let answer else { throw failure("failed", cause: nil) }
        return CredentialHelper.parse(answer)
    }

    private func failure(_ what: String, cause: (any Error)?) -> FetchError {
        FetchError(.forbidden, "the credential helper \(quoted(program)) \(what)", cause: cause)
    }

    /// - Returns: nil unless there are a name and a password.
    static func parse(_ answer: String) -> Credential? {
        var values: [Substring: Substring] = [:]
        for line in answer.split(separator: "\n") {
            let words = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if words.count == 2 { values[words[0]] = words[1] }
        }
        guard let user = values["username"], let password = values["password"] else { return nil }
        return Credential(user: String(user), password: String(password))
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
