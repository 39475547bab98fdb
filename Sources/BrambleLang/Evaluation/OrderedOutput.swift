/// Lines that pieces of work print on several threads, in the order of the pieces.
///
/// The earliest piece that is not done prints at once. What others print is kept until it is their
/// turn, up to a size; then they wait.
struct OrderedOutput: Sendable {
    /// Kept for each piece, in bytes: enough for all that well-behaved modules print.
    private static let maximumKept = 64 << 10

    private struct State {
        /// The earliest piece that is not done.
        var current = 0
        var isDone: [Bool]
        var kept: [Int: Kept] = [:]
    }

    private struct Kept {
        var lines: [String] = []
        var bytes = 0
    }

    private let state: Monitor<State>
    private let handler: @Sendable (String) -> Void

    /// - Parameter handler: Gets the lines, one at a time.
    init(pieces: Int, handler: @escaping @Sendable (String) -> Void) {
        state = Monitor(State(isDone: Array(repeating: false, count: pieces)))
        self.handler = handler
    }

    func print(_ line: String, from piece: Int) {
        state.wait { state -> Void? in
            if state.current == piece {
                handler(line)
                return ()
            }
            guard state.kept[piece, default: Kept()].bytes < OrderedOutput.maximumKept else {
                return nil
            }
            state.kept[piece, default: Kept()].lines.append(line)
            state.kept[piece, default: Kept()].bytes += line.utf8.count + 1
            return ()
        }
    }

    /// Notes that a piece prints no more.
    func finish(_ piece: Int) {
        state.update { state in
            state.isDone[piece] = true
            while state.current < state.isDone.count, state.isDone[state.current] {
                state.current += 1
                for line in state.kept.removeValue(forKey: state.current)?.lines ?? [] {
                    handler(line)
                }
            }
        }
    }
}
