internal import GRPCCore
internal import Glibc

/// Who may do what. Without tokens, everybody may do everything.
package struct AccessRules: Sendable {
    let tokens: TokenFile?

    package init(tokens: TokenFile?) {
        self.tokens = tokens
    }

    /// What went wrong; `text` is for the client.
    package enum Refusal: Error, Equatable {
        /// It has not said who it is, or not so that it can be believed.
        case unknownCaller(String)
        /// It may not do this.
        case forbidden(String)
    }

    /// - Parameters:
    ///   - authorization: The header of that name: `Bearer TOKEN`.
    ///   - needed: Any of these roles is enough; none means that any token will do.
    /// - Returns: Who it is; nil if nobody has to say.
    package func check(
        authorization: String?, needed: Set<Role>, now: Int = time(nil)
    ) throws(Refusal) -> Caller? {
        guard let tokens else { return nil }
        guard let authorization else {
            throw .unknownCaller("a token is needed: send the header `authorization: Bearer TOKEN`")
        }
        let words = authorization.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer",
            let token = tokens.find(String(words[1]))
        else { throw .unknownCaller("the token is not known") }
        if let expiry = token.expiry, now >= expiry {
            throw .unknownCaller("the token of `\(token.name)` has expired")
        }
        guard needed.isEmpty || !needed.isDisjoint(with: token.roles) else {
            let roles = needed.map(\.rawValue).sorted().joined(separator: " or ")
            throw .forbidden("`\(token.name)` lacks the role \(roles)")
        }
        return Caller(name: token.name)
    }

    /// The roles of which one is needed to call a method; nil if everybody may.
    static func roles(for method: MethodDescriptor) -> Set<Role>? {
        let service = method.service.fullyQualifiedService
        if service == "grpc.health.v1.Health" { return nil }
        return methods["\(service)/\(method.method)"]
            ?? (service.hasPrefix("grpc.reflection.") ? [] : Set(Role.allCases))
    }

    private static let methods: [String: Set<Role>] = {
        let storage = "build.bazel.remote.execution.v2.ContentAddressableStorage"
        let results = "build.bazel.remote.execution.v2.ActionCache"
        let execution = "build.bazel.remote.execution.v2.Execution"
        let operations = "google.longrunning.Operations"
        let builds = "bramble.build.v1.BuildService"
        return [
            "build.bazel.remote.execution.v2.Capabilities/GetCapabilities": [],
            "\(storage)/FindMissingBlobs": [.read, .write, .execute],
            "\(storage)/BatchUpdateBlobs": [.write, .execute],
            // Who has actions run has to read what they made.
            "\(storage)/BatchReadBlobs": [.read, .execute],
            "\(storage)/GetTree": [.read, .execute],
            "google.bytestream.ByteStream/Read": [.read, .execute],
            "google.bytestream.ByteStream/Write": [.write, .execute],
            "google.bytestream.ByteStream/QueryWriteStatus": [.write, .execute],
            "\(results)/GetActionResult": [.read, .execute],
            "\(results)/UpdateActionResult": [.write],
            "\(execution)/Execute": [.execute],
            "\(execution)/WaitExecution": [.execute],
            "\(operations)/GetOperation": [.execute],
            "\(operations)/ListOperations": [.execute],
            "\(operations)/CancelOperation": [.execute],
            "\(operations)/DeleteOperation": [.execute],
            "\(builds)/Build": [.execute],
            "\(builds)/WaitBuild": [.execute],
            "\(builds)/CancelBuild": [.execute],
        ]
    }()
}
