internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import SwiftProtobuf
internal import Synchronization

/// One execution, from when it is asked for until its result is forgotten; any number of clients follow it.
final class RunningOperation: Sendable {
    typealias Stage = Build_Bazel_Remote_Execution_V2_ExecutionStage.Value
    typealias Response = Build_Bazel_Remote_Execution_V2_ExecuteResponse

    private struct State {
        var stage = Stage.queued
        var response: Response?
        var watchers: [Int: AsyncStream<OperationMessage>.Continuation] = [:]
        var nextWatcher = 0
        /// When the last one left, or when it was done.
        var aloneSince = ContinuousClock.now
        var isCancelled = false
        var cancel: (@Sendable () -> Void)?
    }

    let name: String
    let request: ActionRequest
    let instance: String
    /// Whether a result that is kept will do; it was looked for already.
    let queuedAt = Google_Protobuf_Timestamp.now
    private let state = Mutex(State())

    init(name: String, request: ActionRequest, instance: String) {
        self.name = name
        self.request = request
        self.instance = instance
    }

    /// Its state now, and each that follows; ends when it is done.
    func watch() -> AsyncStream<OperationMessage> {
        let (stream, continuation) = AsyncStream.makeStream(of: OperationMessage.self)
        state.withLock { state in
            continuation.yield(message(state))
            guard state.response == nil else { return continuation.finish() }
            let number = state.nextWatcher
            state.nextWatcher += 1
            state.watchers[number] = continuation
            continuation.onTermination = { [weak self] _ in self?.leave(number) }
        }
        return stream
    }

    private func leave(_ number: Int) {
        state.withLock { state in
            state.watchers[number] = nil
            if state.response == nil { state.aloneSince = .now }
        }
    }

    var message: OperationMessage { state.withLock { message($0) } }

    var isDone: Bool { state.withLock { $0.response != nil } }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// How long nobody has followed it; zero while somebody does.
    var solitude: Duration {
        state.withLock { $0.watchers.isEmpty ? .now - $0.aloneSince : .zero }
    }

    // MARK: - For who runs it

    func enter(_ stage: Stage) {
        state.withLock { state in
            state.stage = stage
            for watcher in state.watchers.values { watcher.yield(message(state)) }
        }
    }

    func finish(_ response: Response) {
        let watchers = state.withLock { state in
            guard state.response == nil else {
                return [AsyncStream<OperationMessage>.Continuation]()
            }
            state.stage = .completed
            state.response = response
            state.aloneSince = .now
            state.cancel = nil
            let watchers = Array(state.watchers.values)
            for watcher in watchers { watcher.yield(message(state)) }
            return watchers
        }
        // Without the lock, as their end is told to us.
        for watcher in watchers { watcher.finish() }
    }

    /// Says how it is ended before its time.
    func onCancel(_ action: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            state.cancel = action
            return state.isCancelled
        }
        if isCancelled { action() }
    }

    func cancel() {
        let action = state.withLock { state in
            state.isCancelled = true
            defer { state.cancel = nil }
            return state.cancel
        }
        action?()
    }

    private func message(_ state: State) -> OperationMessage {
        .with { operation in
            operation.name = name
            let metadata = Build_Bazel_Remote_Execution_V2_ExecuteOperationMetadata.with {
                $0.stage = state.stage
                $0.actionDigest = DigestMessage(request.digest)
            }
            // Packing fails for messages with required fields only, and these have none.
            if let metadata = try? Google_Protobuf_Any(message: metadata) {
                operation.metadata = metadata
            }
            guard let response = state.response else { return }
            operation.done = true
            if let response = try? Google_Protobuf_Any(message: response) {
                operation.response = response
            }
        }
    }
}

extension Google_Protobuf_Timestamp {
    static var now: Google_Protobuf_Timestamp {
        let (seconds, nanoseconds) = LocalStore.nanosecondsNow()
            .quotientAndRemainder(dividingBy: 1_000_000_000)
        return Google_Protobuf_Timestamp(seconds: seconds, nanos: Int32(nanoseconds))
    }
}
