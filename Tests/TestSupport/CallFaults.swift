package import BrambleStore
internal import Glibc
internal import Synchronization

/// Which calls fail: of a file system and a database together, counted as they come.
package final class CallFaults: Sendable {
    private struct State {
        var calls = 0
        /// The number of the call that does not return.
        var deadly: Int?
        var failing: Range<Int> = 0..<0
        var errorNumber: Int32 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// How many calls there have been since the last plan.
    package var callCount: Int { state.withLock { $0.calls } }

    /// Counts anew, and lets the calls with these numbers fail.
    package func plan(failing: Range<Int>, errorNumber: Int32) {
        state.withLock { $0 = State(failing: failing, errorNumber: errorNumber) }
    }

    /// Counts anew, and has the kernel kill this process in place of the call with this number.
    package func plan(killingAt number: Int) {
        state.withLock { $0 = State(deadly: number) }
    }

    package func count(_ name: String) throws(StoreError) {
        let number = state.withLock { state -> Int32? in
            defer { state.calls += 1 }
            if state.calls == state.deadly { kill(getpid(), SIGKILL) }
            return state.failing.contains(state.calls) ? state.errorNumber : nil
        }
        if let number { throw StoreError(call: name, path: "injected", number: number) }
    }
}
