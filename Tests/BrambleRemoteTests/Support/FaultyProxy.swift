import Foundation
import Glibc
import Synchronization

/// Stands between a client and a server, on loopback, and does to their connections what networks and
/// proxies do: a thread that moves bytes until one of them is the wrong one.
final class FaultyProxy: Sendable {
    /// What happens to one connection.
    enum Fault: Sendable {
        case none
        /// Reset when so many bytes have come from the server.
        case resetDown(after: Int)
        /// Reset when so many bytes have come from the client.
        case resetUp(after: Int)
        /// A bit of one byte from the server is turned over.
        case flipDown(at: Int)
        /// A bit of one byte from the client is turned over.
        case flipUp(at: Int)
        /// From that byte on, the server's bytes come one at a time, with a pause behind each.
        case drip(from: Int)
        /// From that byte on, nothing comes from the server.
        case silence(from: Int)
        /// Each call is answered by a status of HTTP, as proxies do whose server is away: HTTP/2 with
        /// `retry-after: 0`.
        case status(String)
    }

    private struct State {
        var count = 0
        var isStopped = false
        /// Connections of an earlier number are cut.
        var generation = 0
        var faults: [Fault] = []
    }

    let port: Int
    private let listener: Int32
    private let target: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - target: The port of the server.
    ///   - faults: Of the first connections, in their order; all others have none.
    init(to target: Int, faults: [Fault]) throws {
        self.target = target
        state = Mutex(State(faults: faults))
        (listener, port) = try LoopbackSocket.listen()
        Thread.detachNewThread { [self] in serve() }
    }

    /// How many connections there were.
    var connectionCount: Int { state.withLock { $0.count } }

    /// Takes no more connections, and cuts those that there are.
    func stop() { state.withLock { $0.isStopped = true } }

    /// What happens to connections from now on.
    func setFaults(_ faults: [Fault]) {
        state.withLock { state in
            state.count = 0
            state.faults = faults
        }
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Cuts the connections that there are.
    func cut() { state.withLock { $0.generation += 1 } }

    /// Returns at once, and cuts connections some time after there is one.
    func cutAfterAWhile() {
        Thread.detachNewThread { [self] in
            while connectionCount == 0 { rest() }
            rest()
            cut()
        }
    }

    private func rest() { usleep(50_000) }

    private func serve() {
        while !isStopped {
            guard LoopbackSocket.isReadable(listener, milliseconds: 20) else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            let (fault, generation) = state.withLock { state -> (Fault, Int) in
                defer { state.count += 1 }
                let fault = state.count < state.faults.count ? state.faults[state.count] : .none
                return (fault, state.generation)
            }
            let target = target
            Thread.detachNewThread { [self] in
                var connection = Connection(client: client, fault: fault)
                connection.run(to: target) {
                    state.withLock { $0.isStopped || $0.generation != generation }
                }
            }
        }
        close(listener)
    }
}

/// One connection on its way through the proxy.
private struct Connection {
    let client: Int32
    let fault: FaultyProxy.Fault
    private var up = 0
    private var down = 0

    init(client: Int32, fault: FaultyProxy.Fault) {
        self.client = client
        self.fault = fault
    }

    mutating func run(to target: Int, until isStopped: () -> Bool) {
        if case .status(let status) = fault {
            return StatusConnection(client: client, status: status).run(until: isStopped)
        }
        guard let server = LoopbackSocket.connect(to: target) else {
            return LoopbackSocket.reset(client)
        }
        while !isStopped() {
            if LoopbackSocket.isReadable(client, milliseconds: 1), !move(client, server, isUp: true)
            {
                break
            }
            if LoopbackSocket.isReadable(server, milliseconds: 1),
                !move(server, client, isUp: false)
            {
                break
            }
        }
        LoopbackSocket.reset(client)
        LoopbackSocket.reset(server)
    }

    /// - Returns: Whether the connection goes on.
    private mutating func move(_ source: Int32, _ target: Int32, isUp: Bool) -> Bool {
        guard var bytes = LoopbackSocket.read(source), !bytes.isEmpty else { return false }
        let start = isUp ? up : down
        let end = start + bytes.count
        if isUp { up = end } else { down = end }
        switch (fault, isUp) {
        case (.resetDown(let limit), false), (.resetUp(let limit), true):
            guard end <= limit else {
                _ = LoopbackSocket.write(target, Array(bytes.prefix(max(0, limit - start))))
                return false
            }
        case (.flipDown(let position), false), (.flipUp(let position), true):
            if (start..<end).contains(position) { bytes[position - start] ^= 1 }
        case (.drip(let first), false) where end > first:
            return drip(bytes, from: max(0, first - start), to: target)
        case (.silence(let first), false) where end > first:
            return LoopbackSocket.write(target, Array(bytes.prefix(max(0, first - start))))
        default: break
        }
        return LoopbackSocket.write(target, bytes)
    }

    private func drip(_ bytes: [UInt8], from first: Int, to target: Int32) -> Bool {
        guard LoopbackSocket.write(target, Array(bytes.prefix(first))) else { return false }
        for byte in bytes.dropFirst(first) {
            usleep(5_000)
            guard LoopbackSocket.write(target, [byte]) else { return false }
        }
        return true
    }
}

/// A server of HTTP/2 that answers each request by a status and nothing else (RFC 9113).
private struct StatusConnection {
    let client: Int32
    let status: String

    private static let prefaceBytes = 24
    private static let headerBytes = 9
    private static let settings: UInt8 = 4
    private static let headers: UInt8 = 1

    func run(until isStopped: () -> Bool) {
        defer { close(client) }
        // Settings of our own, none; and theirs are fine.
        guard
            LoopbackSocket.write(client, frame(StatusConnection.settings, flags: 0, stream: 0, []))
        else { return }
        var pending: [UInt8] = []
        var isGreeted = false
        while !isStopped() {
            guard LoopbackSocket.isReadable(client, milliseconds: 10) else { continue }
            guard let bytes = LoopbackSocket.read(client), !bytes.isEmpty else { return }
            pending += bytes
            if !isGreeted {
                guard pending.count >= StatusConnection.prefaceBytes else { continue }
                pending.removeFirst(StatusConnection.prefaceBytes)
                isGreeted = true
            }
            guard takeFrames(&pending) else { return }
        }
    }

    private func takeFrames(_ pending: inout [UInt8]) -> Bool {
        while pending.count >= StatusConnection.headerBytes {
            let length = Int(pending[0]) << 16 | Int(pending[1]) << 8 | Int(pending[2])
            guard pending.count >= StatusConnection.headerBytes + length else { return true }
            let (kind, flags) = (pending[3], pending[4])
            let stream = pending[5..<9].reduce(0) { $0 << 8 | UInt32($1) }
            pending.removeFirst(StatusConnection.headerBytes + length)
            var answer: [UInt8] = []
            if kind == StatusConnection.settings, flags & 1 == 0 {
                answer = frame(StatusConnection.settings, flags: 1, stream: 0, [])
            } else if kind == StatusConnection.headers {
                // RFC 7541: `:status` is name 8 of the static table, `retry-after` name 53; literals.
                let block =
                    [0x08, UInt8(status.utf8.count)] + Array(status.utf8) + [
                        0x0F, 53 - 15, 1, UInt8(ascii: "0"),
                    ]
                // The end of the stream and of the headers.
                answer = frame(StatusConnection.headers, flags: 0x05, stream: stream, block)
            }
            guard answer.isEmpty || LoopbackSocket.write(client, answer) else { return false }
        }
        return true
    }

    private func frame(
        _ kind: UInt8, flags: UInt8, stream: UInt32, _ content: [UInt8]
    ) -> [UInt8] {
        [
            UInt8(content.count >> 16 & 0xFF), UInt8(content.count >> 8 & 0xFF),
            UInt8(content.count & 0xFF), kind, flags,
            UInt8(stream >> 24 & 0xFF), UInt8(stream >> 16 & 0xFF), UInt8(stream >> 8 & 0xFF),
            UInt8(stream & 0xFF),
        ] + content
    }
}
