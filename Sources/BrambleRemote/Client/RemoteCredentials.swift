import BrambleBuild
import Synchronization

/// What calls carry to say who makes them.
package struct RemoteCredentials: Sendable {
    /// By lower-case names.
    package let headers: [(name: String, value: String)]
    /// How long they are good for, from when they were given; nil for until they are refused.
    package let lifetime: Duration?

    package init(headers: [(name: String, value: String)], lifetime: Duration? = nil) {
        self.headers = headers
        self.lifetime = lifetime
    }
}

extension RemoteCredentials: CustomStringConvertible, CustomReflectable {
    package var description: String { "(credentials)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension RemoteOptions {
    /// Has a program say who we are (`HeaderHelper`).
    ///
    /// - Parameters:
    ///   - command: A program and its arguments; with none, nothing is asked.
    ///   - environment: The program's.
    package mutating func ask(helper command: [String], environment: [String: String]) {
        guard let program = command.first else { return }
        let helper = HeaderHelper(
            program: program, arguments: Array(command.dropFirst()), environment: environment)
        let uri = endpoint.uri
        credentials = {
            do {
                let answer = try await helper.headers(for: uri)
                return RemoteCredentials(headers: answer.headers, lifetime: answer.lifetime)
            } catch let error as FetchError {
                throw RemoteError(.forbidden, error.message)
            }
        }
    }
}

extension RemoteEndpoint {
    /// As helpers know it: a server of HTTP, whose usual port is left out.
    var uri: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        let isUsual = port == (usesTLS ? 443 : 80)
        return "\(usesTLS ? "https" : "http")://\(host)\(isUsual ? "" : ":\(port)")/"
    }
}

/// Credentials, asked for when there are none or they are about to end: once for all calls that wait.
final class CredentialCache: Sendable {
    /// Credentials, and which ones they are of those that were given.
    struct Known: Sendable {
        let number: Int
        let credentials: RemoteCredentials
        let end: ContinuousClock.Instant?
    }

    private struct State {
        var known: Known?
        var count = 0
    }

    private let ask: @Sendable () async throws -> RemoteCredentials
    private let state = Mutex(State())
    private let asking = SharedWork<Int, Known>()

    /// Those that end so soon may have ended when they arrive.
    private static let margin = Duration.seconds(10)

    init(_ ask: @escaping @Sendable () async throws -> RemoteCredentials) {
        self.ask = ask
    }

    /// - Throws: What who is asked throws.
    func current() async throws -> Known {
        let (known, count) = state.withLock { ($0.known, $0.count) }
        if let known, known.end.map({ .now < $0 }) ?? true { return known }
        return try await asking.value(for: count) { [self] in
            // Whoever waited for another to ask finds the answer here.
            if let newer = state.withLock({ $0.count > count ? $0.known : nil }) { return newer }
            let start = ContinuousClock.now
            let credentials = try await ask()
            return state.withLock { state in
                state.count += 1
                let known = Known(
                    number: state.count, credentials: credentials,
                    end: credentials.lifetime.map {
                        // What ends at once is good for the calls that wait for it.
                        start + max($0 - CredentialCache.margin, .zero)
                    })
                state.known = known
                return known
            }
        }
    }

    /// The other side does not take them: whoever is next asks for new ones, unless somebody did.
    func refuse(_ known: Known) {
        state.withLock { state in
            if state.known?.number == known.number { state.known = nil }
        }
    }
}
