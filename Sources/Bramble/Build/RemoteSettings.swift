package import BrambleBuild
import BrambleProject
package import BrambleStore
import Synchronization

/// Which other machines a build may use, and how to talk to them: from the user's configuration and the
/// command line. Addresses are as they were written.
public struct RemoteSettings: Sendable {
    /// A name and its value: a header, a property of a platform.
    public struct Pair: Sendable {
        public let name: String
        public let value: String
    }

    /// Where an engine runs the command of an action.
    public enum Root: String, Sendable, CaseIterable {
        /// In a file system whose root is the action's input root.
        case input
        /// In a directory of the worker that holds the input root.
        case workingDirectory = "working-directory"
    }

    /// A cache of results; nil for none.
    public var cache: String?
    /// An engine that runs builders; nil for this machine.
    public var executor: String?
    /// A machine that does whole builds; nil for this one. With one, there is neither a cache nor an engine:
    /// that is for it to have.
    public var builder: String?
    /// How the engine runs actions.
    public var root = Root.input
    /// Whether what is built here is put into the cache.
    public var uploads = true
    /// Whether contents go compressed; nil for where it pays.
    public var compresses: Bool?
    public var headers: [Pair] = []
    /// Properties that workers must have.
    public var platform: [Pair] = []
    /// A file with a bearer token.
    public var tokenFile: String?
    /// A program and its arguments that says which headers requests need; nil for none.
    public var credentialHelper: [String]?
    /// A file with the certificates of whom to trust, in PEM; nil for those that the system trusts.
    public var authoritiesFile: String?
    /// A file with our own certificate, in PEM.
    public var certificateFile: String?
    /// A file with the certificate's key, in PEM.
    public var keyFile: String?
    /// A file with the key to sign results with.
    public var signingKeyFile: String?
    /// By whom results must be signed; nil if they need not be.
    public var trustedKeys: [String]?

    /// Nothing but this machine.
    public init() {}

    init(_ file: UserConfigurationFile.Remote) {
        cache = file.cache
        executor = file.executor
        builder = file.builder
        root = file.runsInWorkingDirectory ? .workingDirectory : .input
        uploads = file.uploads
        compresses = file.compresses
        headers = file.headers.map { Pair(name: $0.name, value: $0.value) }
        platform = file.platform.map { Pair(name: $0.name, value: $0.value) }
        tokenFile = file.token
        credentialHelper = file.credentialHelper
        authoritiesFile = file.authorities
        certificateFile = file.certificate
        keyFile = file.key
        signingKeyFile = file.signingKey
        trustedKeys = file.trustedKeys
    }
}

/// What other machines lend to a build.
package struct RemoteMachines: Sendable {
    /// Results that they have.
    package var cache: (any ContentStore)?
    /// Whether the cache is to be added to.
    package var uploads = false
    /// What runs builders there.
    package var executor: (any Executor)?
    /// Does whole builds there.
    package var builder: BuildingElsewhere?

    package init() {}
}

/// Connects to other machines for the time that `body` takes: given by who can talk to them, as the
/// facade cannot.
package typealias RemoteLending =
    @Sendable (
        _ settings: RemoteSettings, _ store: LocalStore,
        _ warn: @escaping @Sendable (String) -> Void,
        _ body: @escaping @Sendable (RemoteMachines) async throws -> Void
    ) async throws -> Void

extension RemoteSettings {
    /// Whether there is nobody to connect to.
    var isEmpty: Bool { cache == nil && executor == nil && builder == nil }

    /// Does something with what other machines lend.
    func lending<Result: Sendable>(
        _ lending: RemoteLending, _ store: LocalStore, _ warn: @escaping @Sendable (String) -> Void,
        _ body: @escaping @Sendable (RemoteMachines) async throws -> Result
    ) async throws -> Result {
        let slot = ResultSlot<Result>()
        try await lending(self, store, warn) { machines in slot.set(try await body(machines)) }
        return slot.value
    }
}

/// A result on its way out of a closure that has none.
private final class ResultSlot<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    func set(_ value: Value) { state.withLock { $0 = value } }

    var value: Value {
        guard let value = state.withLock({ $0 }) else {
            preconditionFailure("other machines were lent and not used")
        }
        return value
    }
}
