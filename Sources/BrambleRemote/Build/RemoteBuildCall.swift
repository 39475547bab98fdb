internal import BrambleBuild
internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import GRPCCore
internal import Synchronization

/// One build on a server: asks for it, follows it, takes the stream up again where it broke off, and ends
/// it if it is not wanted any more.
struct RemoteBuildCall: Sendable {
    let connection: RemoteConnection
    let build: ForeignBuild

    private let progress = Progress()

    /// How long to follow a build in one stream: longer than any, so that one that hangs is noticed some
    /// day.
    private static let longest = Duration.seconds(7 * 86_400)
    /// How long to try to tell that a build is not wanted any more, as somebody waits: a server that is
    /// not told ends it ten seconds later.
    private static let cancellationLimit = Duration.seconds(3)

    init(connection: RemoteConnection, build: ForeignBuild) {
        self.connection = connection
        self.build = build
    }

    /// How far a stream has come.
    private final class Progress: Sendable {
        private struct State {
            var name: String?
            var lastNumber: UInt64 = 0
            /// Whether anything has come since somebody asked.
            var hasMoved = false
        }

        private let state = Mutex(State())

        var name: String? { state.withLock { $0.name } }
        var lastNumber: UInt64 { state.withLock { $0.lastNumber } }

        func note(_ name: String) {
            state.withLock { state in
                state.hasMoved = true
                if !name.isEmpty { state.name = name }
            }
        }

        /// - Returns: Whether the event is a new one.
        func note(_ number: UInt64) -> Bool {
            state.withLock { state in
                guard number > state.lastNumber else { return false }
                state.lastNumber = number
                return true
            }
        }

        /// The build is not known there any more.
        func forget() {
            state.withLock { $0 = State() }
        }

        func takeMovement() -> Bool {
            state.withLock { state in
                defer { state.hasMoved = false }
                return state.hasMoved
            }
        }
    }

    /// - Throws: `precondition` if contents are missing; what the server says of the request. If the task
    ///   is cancelled, the server is told.
    func run(_ request: BuildRequestMessage) async throws(RemoteError) -> BuildResultMessage {
        do throws(RemoteError) {
            while true {
                // Each stream that brings something has all attempts again.
                if let result = try await follow(request) { return result }
            }
        } catch {
            if Task.isCancelled, let name = progress.name { await cancel(name) }
            throw error.code == .unsupported
                ? RemoteError(
                    .unsupported,
                    "`\(connection.endpoint)` does not build: it is no `bramble server --build`")
                : error
        }
    }

    /// - Returns: nil if the stream has broken off, and it is worth to take it up.
    private func follow(
        _ request: BuildRequestMessage
    ) async throws(RemoteError) -> BuildResultMessage? {
        try await connection.call("build", timeout: RemoteBuildCall.longest) { attempt in
            do {
                return try await stream(request, attempt)
            } catch let error as RPCError where error.code == .notFound && progress.name != nil {
                // It was started anew, and has forgotten it; what was built is there, as a rule.
                progress.forget()
                throw RemoteError(.unreachable, "the server has forgotten a build")
            } catch let error as RPCError
                where error.code == .unavailable && progress.takeMovement() && !Task.isCancelled
            {
                return nil
            }
        }
    }

    private func stream(
        _ request: BuildRequestMessage, _ attempt: RemoteConnection.Attempt
    ) async throws -> BuildResultMessage? {
        let service = BuildService.Client(wrapping: connection.client)
        guard let name = progress.name else {
            return try await service.build(
                request, metadata: attempt.metadata, options: attempt.options
            ) { try await read($0) }
        }
        var again = Bramble_Build_V1_WaitBuildRequest()
        again.name = name
        again.afterNumber = progress.lastNumber
        return try await service.waitBuild(
            again, metadata: attempt.metadata, options: attempt.options
        ) { try await read($0) }
    }

    /// Reads a stream to its end.
    private func read(
        _ response: StreamingClientResponse<BuildUpdateMessage>
    ) async throws -> BuildResultMessage {
        for try await update in response.messages {
            progress.note(update.name)
            switch update.update {
            case .events(let part)?:
                for (offset, text) in part.events.enumerated()
                where progress.note(part.firstNumber + UInt64(offset)) { try take(text) }
            case .result(let result)?: return result
            case nil: break
            }
        }
        throw RPCError(code: .unavailable, message: "the stream ended early")
    }

    private func take(_ text: String) throws {
        // Kinds of events that a later version has are passed over (docs/build-events.md).
        let line = try? CanonicalJSON.decode(TimedBuildEvent.self, from: Array(text.utf8))
        if let line { try build.take(line.event) }
    }

    /// Tells the server that nobody wants the build any more. The connection ends with the task that is
    /// cancelled, and so does all that is asked for in it: another one is made, in a task of its own.
    private func cancel(_ name: String) async {
        var options = connection.options
        options.attempts = 1
        options.callTimeout = RemoteBuildCall.cancellationLimit
        let final = options
        await Task.detached {
            // Who cannot be told notices that nobody follows the build.
            try? await RemoteConnection.with(final) { connection in
                var request = Bramble_Build_V1_CancelBuildRequest()
                request.name = name
                let message = request
                _ = try await connection.call("end a build") { attempt in
                    try await BuildService.Client(wrapping: connection.client).cancelBuild(
                        message, metadata: attempt.metadata, options: attempt.options)
                }
            }
        }.value
    }
}
