import BrambleModel
import BrambleREAPI
import BrambleStore
import Synchronization

/// What an action has printed: in its result, or in the CAS if it was much.
struct RemoteLog: Sendable {
    let remote: RemoteStore
    let limitBytes: Int

    /// - Parameter line: Gets the lines, without their ends: those of standard output, then those of
    ///   standard error.
    func read(
        _ result: ActionResultMessage, _ line: @escaping @Sendable (String) -> Void
    ) async throws(StoreError) {
        let streams = [
            (Array(result.stdoutRaw), result.stdoutDigest),
            (Array(result.stderrRaw), result.stderrDigest),
        ]
        for (raw, message) in streams {
            let lines = LineSplitter(limitBytes: limitBytes, line)
            if !raw.isEmpty {
                lines.append(raw)
            } else if let digest = Digest(message), digest.sizeBytes > 0 {
                try await remote.forEachPart(of: digest) { (part) throws(StoreError) in
                    lines.append(part)
                }
            }
            lines.finish()
        }
    }
}

/// Makes lines of bytes that come in parts.
private final class LineSplitter: Sendable {
    private let state: Mutex<State>
    private let line: @Sendable (String) -> Void

    private struct State {
        var rest: [UInt8] = []
        var left: Int
    }

    /// A line that is longer is cut: 64 KiB.
    private static let maximumLineBytes = 64 << 10

    init(limitBytes: Int, _ line: @escaping @Sendable (String) -> Void) {
        state = Mutex(State(left: limitBytes))
        self.line = line
    }

    func append(_ bytes: [UInt8]) {
        let lines = state.withLock { state -> [String] in
            let bytes = bytes.prefix(state.left)
            state.left -= bytes.count
            var lines: [String] = []
            for byte in bytes {
                if byte != UInt8(ascii: "\n") { state.rest.append(byte) }
                guard
                    byte == UInt8(ascii: "\n") || state.rest.count == LineSplitter.maximumLineBytes
                else { continue }
                lines.append(String(decoding: state.rest, as: UTF8.self))
                state.rest = []
            }
            return lines
        }
        for text in lines { line(text) }
    }

    func finish() {
        let rest = state.withLock { $0.rest }
        if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
    }
}
