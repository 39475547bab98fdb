import BrambleModel
import BrambleStore
import Synchronization

/// The log of one run of a builder, on its way into the store.
final class BuildLog: Sendable {
    private struct State {
        var writer: BlobWriter?
        var pending: [UInt8] = []
        var failure: StoreError?
        /// What it has become.
        var digest: Digest?
    }

    private let store: LocalStore
    private let state = Mutex(State())

    /// 64 KiB: what is written at once.
    private static let blockBytes = 64 << 10

    init(_ store: LocalStore) {
        self.store = store
    }

    func append(_ line: String) {
        state.withLock { state in
            state.pending += line.utf8
            state.pending.append(UInt8(ascii: "\n"))
            if state.pending.count >= BuildLog.blockBytes { flush(&state) }
        }
    }

    /// May be called again, and says the same then.
    ///
    /// - Returns: The blob with the log; nil if nothing was written.
    /// - Throws: The first failure of any write.
    func finish() throws(StoreError) -> Digest? {
        try state.withLock { (state) throws(StoreError) in
            flush(&state)
            if let failure = state.failure { throw failure }
            if state.digest == nil { state.digest = try state.writer?.finish() }
            return state.digest
        }
    }

    private func flush(_ state: inout State) {
        guard !state.pending.isEmpty, state.failure == nil else { return }
        let writer = state.writer ?? BlobWriter(store)
        state.writer = writer
        do throws(StoreError) {
            try writer.append(state.pending)
        } catch {
            state.failure = error
        }
        state.pending.removeAll(keepingCapacity: true)
    }
}
