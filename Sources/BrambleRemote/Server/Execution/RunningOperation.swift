internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import SwiftProtobuf
internal import Synchronization

/// One execution, from when it is asked for until its result is forgotten; any number of clients follow it.
final class RunningOperation: ServerWork {
    typealias Stage = Build_Bazel_Remote_Execution_V2_ExecutionStage.Value
    typealias Response = Build_Bazel_Remote_Execution_V2_ExecuteResponse

    private struct State {
        var stage = Stage.queued
        var response: Response?
        var followers = Followers<OperationMessage>()
    }

    let name: String
    let request: ActionRequest
    let instance: String
    let cancellation = WorkCancellation()
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
            state.followers.add(continuation) { [weak self] in self?.leave($0) }
        }
        return stream
    }

    private func leave(_ number: Int) {
        state.withLock { state in
            state.followers.remove(number, isDone: state.response != nil)
        }
    }

    var message: OperationMessage { state.withLock { message($0) } }

    var isDone: Bool { state.withLock { $0.response != nil } }

    var solitude: Duration { state.withLock { $0.followers.solitude } }

    // MARK: - For who runs it

    func enter(_ stage: Stage) {
        state.withLock { state in
            state.stage = stage
            for follower in state.followers.all { follower.yield(message(state)) }
        }
    }

    func finish(_ response: Response) {
        let followers = state.withLock { state in
            guard state.response == nil else {
                return [AsyncStream<OperationMessage>.Continuation]()
            }
            state.stage = .completed
            state.response = response
            state.followers.noteEnd()
            let followers = Array(state.followers.all)
            for follower in followers { follower.yield(message(state)) }
            return followers
        }
        // Without the lock, as their end is told to us.
        for follower in followers { follower.finish() }
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
