import BrambleModel
import BrambleREAPI
import BrambleStore
import GRPCCore
import SwiftProtobuf
import Synchronization

extension RemoteConnection {
    /// What a call is made with.
    struct Attempt: Sendable {
        let metadata: Metadata
        let options: CallOptions
        let credentials: CredentialCache.Known?
    }

    /// How a call has fared so far.
    private struct History {
        var attempts = 0
        /// When the last attempt began.
        var begin = ContinuousClock.now
        /// When the attempts that failed one after the other began to.
        var failingSince: ContinuousClock.Instant?
    }

    /// Makes a call, again if that may help.
    ///
    /// - Parameters:
    ///   - what: What it is to do, for messages: "read a blob".
    ///   - timeout: Of each attempt; nil for the usual one.
    ///   - action: Of which action it is a part, for the other side's logs.
    /// - Throws: `RemoteError`; `CancellationError` as one of its kind `local`.
    func call<Result: Sendable>(
        _ what: String, timeout: Duration? = nil, action: Digest? = nil,
        _ body: (Attempt) async throws -> Result
    ) async throws(RemoteError) -> Result {
        let operation = "cannot \(what) at `\(endpoint)`"
        var history = History()
        while true {
            try await enter(operation, &history)
            history.attempts += 1
            history.begin = .now
            let failure: RemoteError
            var used: CredentialCache.Known?
            do {
                let attempt = try await attempt(timeout, action)
                used = attempt.credentials
                let result = try await body(attempt)
                noteAnswer()
                state.withLock { $0.retries.succeeded() }
                return result
            } catch {
                failure = RemoteConnection.failure(error, operation)
            }
            // A stream that went well for so long is no attempt that failed.
            if .now - history.begin > options.patience { history.failingSince = nil }
            // An action or a content that takes too long does so again.
            let mayPass = failure.code == .unreachable || failure.code == .timeout && timeout == nil
            try await recover(from: failure, used, &history, mayPass: mayPass)
        }
    }

    /// The other side has said something: of a call, or of a stream that goes on.
    func noteAnswer() {
        state.withLock { state in
            state.breaker.succeeded()
            state.hasAnswered = true
        }
    }

    /// Waits until the other side may be asked: where it is needed, else it is not waited for.
    private func enter(_ operation: String, _ history: inout History) async throws(RemoteError) {
        while !state.withLock({ $0.breaker.allows(at: .now - start) }) {
            let failure = RemoteError(
                .unreachable, "\(operation): it has not answered before")
            guard isPatient(&history) else { throw failure }
            try await RemoteConnection.pause(RemoteConnection.breakerPause, failure)
        }
    }

    /// How often to look whether a server that is left alone may be asked again.
    private static let breakerPause = Duration.milliseconds(250)

    /// Whether to go on trying with a server that has answered before.
    private func isPatient(_ history: inout History) -> Bool {
        guard state.withLock({ $0.hasAnswered }) else { return false }
        let since = history.failingSince ?? .now
        history.failingSince = since
        return .now - since < options.patience
    }

    private static func pause(
        _ pause: Duration, _ failure: RemoteError
    ) async throws(RemoteError) {
        do {
            try await Task.sleep(for: pause)
        } catch {
            throw failure
        }
    }

    private static func failure(_ error: any Error, _ operation: String) -> RemoteError {
        switch error {
        case let error as RemoteError: error
        case let error as StoreError: RemoteError(local: error)
        case is CancellationError: RemoteError(.local, "\(operation): stopped")
        // The library reports a cancellation by a status of its own.
        case let error as RPCError where error.code == .cancelled && Task.isCancelled:
            RemoteError(.local, "\(operation): stopped")
        case let error as RPCError: RemoteConnection.failure(error, operation)
        default: RemoteError(.failed, "\(operation): \(error)")
        }
    }

    /// What our own code throws while a stream is open comes back as the cause of a status.
    private static func failure(_ error: RPCError, _ operation: String) -> RemoteError {
        switch error.cause {
        case let cause as RemoteError: cause
        case let cause as StoreError: RemoteError(local: cause)
        default: RemoteError(error, during: operation)
        }
    }

    /// Waits until the next attempt may be made.
    ///
    /// - Throws: The failure, if there is to be none.
    private func recover(
        from failure: RemoteError, _ used: CredentialCache.Known?, _ history: inout History,
        mayPass: Bool
    ) async throws(RemoteError) {
        let (now, begin) = (ContinuousClock.now - start, history.begin - start)
        let number = history.attempts
        let usual = state.withLock { state -> Duration? in
            switch failure.code {
            case .unreachable, .timeout: state.breaker.failed(at: now, began: begin)
            // What failed here says nothing about the other side.
            case .local: state.breaker.abandoned()
            // It has answered, if not as we like.
            default: state.breaker.succeeded()
            }
            return state.retries.pause(
                after: number, of: options.attempts, failure, chance: .random(in: 0.5...1))
        }
        if failure.code == .forbidden, number == 1, let used {
            // They may have ended before they said they would.
            credentials?.refuse(used)
            return
        }
        if let usual { return try await RemoteConnection.pause(usual, failure) }
        guard mayPass, isPatient(&history),
            let pause = RetryPolicy.patientPause(
                after: number, failure, chance: .random(in: 0.5...1))
        else { throw failure }
        try await RemoteConnection.pause(pause, failure)
    }

    /// - Throws: What who is asked for credentials throws.
    func attempt(_ timeout: Duration?, _ action: Digest?) async throws -> Attempt {
        var metadata = Metadata()
        for header in options.headers { metadata.addString(header.value, forKey: header.name) }
        let known = try await credentials?.current()
        for header in known?.credentials.headers ?? [] {
            metadata.addString(header.value, forKey: header.name)
        }
        metadata.addBinary(requestMetadata(action), forKey: RemoteConnection.metadataKey)
        var callOptions = CallOptions.defaults
        callOptions.timeout = timeout ?? options.callTimeout
        callOptions.waitForReady = false
        callOptions.maxResponseMessageBytes = RemoteConnection.maximumMessageBytes
        callOptions.maxRequestMessageBytes = RemoteConnection.maximumMessageBytes
        return Attempt(metadata: metadata, options: callOptions, credentials: known)
    }

    /// REAPI v2, `RequestMetadata`.
    private static let metadataKey = "build.bazel.remote.execution.v2.requestmetadata-bin"

    private func requestMetadata(_ action: Digest?) -> [UInt8] {
        var message = RequestMetadataMessage()
        message.toolDetails.toolName = "bramble"
        message.toolInvocationID = options.invocation
        if let action { message.actionID = action.hash.hex }
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            preconditionFailure("a message that cannot be written")
        }
        return bytes
    }
}
