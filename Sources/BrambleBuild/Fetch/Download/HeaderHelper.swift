internal import FoundationEssentials
internal import Glibc

/// A program that knows which headers requests to a server need, asked as Bazel asks its own (the
/// specification of credential helpers at github.com/EngFlow/credential-helper-spec): it is run with the argument
/// `get`, is told `{"uri":"https://…"}` on its standard input, and answers with
/// `{"headers":{"Authorization":["Bearer …"]},"expires":"2027-01-01T00:00:00Z"}`.
package struct HeaderHelper: Sendable {
    private let program: HelperProgram
    private let environment: [String: String]

    /// What it has said. Not to be shown.
    package struct Answer: Sendable {
        /// By lower-case names, sorted.
        package let headers: [(name: String, value: String)]
        /// How long they are good for; nil if it does not say.
        package let lifetime: Duration?
    }

    /// - Parameter environment: The whole environment of the program.
    package init(program: String, arguments: [String], environment: [String: String]) {
        self.program = HelperProgram(program: program, arguments: arguments)
        self.environment = environment
    }

    /// A minute: a person may have to put a finger on something.
    private static let patience = Duration.seconds(60)

    /// - Parameter uri: Of the server: `https://HOST/`.
    /// - Throws: `FetchError`, `forbidden`, that says what is wrong with the program or its answer;
    ///   `CancellationError`.
    package func headers(for uri: String) async throws -> Answer {
        let question = Question(uri: uri)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let text = try? encoder.encode(question) else {
            preconditionFailure("a text that is no JSON")
        }
        let (program, environment) = (program, environment)
        let answer = try await withThrowingTaskGroup(of: HelperProgram.Answer?.self) { group in
            group.addTask {
                try await program.ask(
                    String(decoding: text, as: UTF8.self), environment: environment)
            }
            group.addTask {
                try await Task.sleep(for: HeaderHelper.patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let answer else {
            throw program.failure(
                "has not answered within \(HeaderHelper.patience.components.seconds) s")
        }
        guard answer.isSuccess else {
            throw program.failure("failed" + (answer.complaint.map { ": \($0)" } ?? ""))
        }
        return try parse(answer.output)
    }

    private struct Question: Encodable {
        let uri: String
    }

    private struct Response: Decodable {
        let headers: [String: [String]]?
        let expires: String?
    }

    private func parse(_ text: String) throws(FetchError) -> Answer {
        guard let response = try? JSONDecoder().decode(Response.self, from: Data(text.utf8)) else {
            throw program.failure("has not answered by a JSON object with `headers`")
        }
        var headers: [(name: String, value: String)] = []
        for (name, values) in (response.headers ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard HeaderHelper.isName(name), values.allSatisfy(HeaderHelper.isValue) else {
                throw program.failure("has answered with a header that cannot be sent")
            }
            headers += values.map { (name.lowercased(), $0) }
        }
        guard let expires = response.expires else { return Answer(headers: headers, lifetime: nil) }
        guard let end = InternetTime.seconds(expires) else {
            throw program.failure("has answered with a time that is none: `expires`")
        }
        return Answer(headers: headers, lifetime: .seconds(max(0, end - Int(time(nil)))))
    }

    /// A name that gRPC sends as a text (gRPC over HTTP/2, "Custom-Metadata").
    private static func isName(_ text: String) -> Bool {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        let lower = text.lowercased()
        return allowed && !text.isEmpty && !lower.hasSuffix("-bin") && !lower.hasPrefix("grpc-")
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
