internal import NIOCore
internal import Synchronization

/// What clients upload that has come and is not written yet. While there is much, no more is read: the streams are held, and with
/// them, by flow control, the clients (RFC 9113, section 5.2).
///
/// gRPC reads some messages of each stream ahead. Without this, hundreds of clients fill the memory whenever the disk is slower than
/// the network for a moment.
final class UploadBacklog: Sendable {
    private struct State {
        var count = 0
        var isFull = false
        var held: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// So many writes wait before streams are held: twice as many as there are threads to do them.
    static let most = 2 * DiskThreads.usualCount
    /// And so many when they go on.
    static let fewest = DiskThreads.usualCount

    /// Does a write of what has come.
    func writing<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        begin()
        defer { end() }
        return try await body()
    }

    func begin() {
        state.withLock { state in
            state.count += 1
            if state.count >= UploadBacklog.most { state.isFull = true }
        }
    }

    func end() {
        let held = state.withLock { state -> [@Sendable () -> Void] in
            state.count -= 1
            guard state.isFull, state.count <= UploadBacklog.fewest else { return [] }
            state.isFull = false
            defer { state.held = [] }
            return state.held
        }
        for resume in held { resume() }
    }

    /// Whether a stream has to wait before it reads on; then `resume` is called when it may.
    fileprivate func holds(_ resume: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if state.isFull { state.held.append(resume) }
            return state.isFull
        }
    }
}

/// Stands at the beginning of a stream, where its reading comes by, and holds that while there is a backlog.
final class UploadGate: ChannelOutboundHandler {
    typealias OutboundIn = NIOAny
    typealias OutboundOut = NIOAny

    private let backlog: UploadBacklog
    private var isHeld = false
    private var isRemoved = false

    init(_ backlog: UploadBacklog) {
        self.backlog = backlog
    }

    func read(context: ChannelHandlerContext) {
        guard !isHeld else { return }
        let loop = context.eventLoop
        let held = NIOLoopBound((gate: self, context: context), eventLoop: loop)
        isHeld = backlog.holds {
            loop.execute { held.value.gate.resume(held.value.context) }
        }
        if !isHeld { context.read() }
    }

    private func resume(_ context: ChannelHandlerContext) {
        isHeld = false
        // The client may have gone.
        if !isRemoved { read(context: context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { isRemoved = true }
}
