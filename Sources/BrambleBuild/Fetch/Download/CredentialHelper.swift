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

    /// - Throws: The program can't be run, or fails. What it says is not shown: it may be a secret.
    func credential(
        for address: HTTPAddress, environment: [String: String]
    ) async throws -> Credential? {
        let question =
            "protocol=\(address.isSecure ? "https" : "http")\nhost=\(address.authority)\n"
        let helper = HelperProgram(program: program, arguments: arguments)
        let answer = try await helper.ask(question, environment: environment)
        guard answer.isSuccess else { throw helper.failure("failed") }
        return CredentialHelper.parse(answer.output)
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
