import Glibc
import NIOPosix
import TestKit

/// Asks plain HTTP in the simplest way: one request a connection.
struct PlainClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
    }

    let port: Int

    /// Asks on a thread that may block: those of tasks are the server's too.
    ///
    /// - Parameter announcedBytes: What the request says that its body has, if that is to be wrong.
    func ask(
        _ method: String, _ path: String, headers: [String] = [], body: [UInt8] = [],
        announcedBytes: Int? = nil
    ) async throws -> Answer {
        try await NIOThreadPool.singleton.runIfActive {
            try askNow(method, path, headers, body, announcedBytes)
        }
    }

    private func askNow(
        _ method: String, _ path: String, _ headers: [String], _ body: [UInt8],
        _ announcedBytes: Int?
    ) throws -> Answer {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { throw POSIXFailure(call: "socket", number: errno) }
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXFailure(call: "connect", number: errno) }
        let lines =
            ["\(method) \(path) HTTP/1.1", "host: test", "connection: close"] + headers
            + (method == "PUT" ? ["content-length: \(announcedBytes ?? body.count)"] : [])
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
        guard write(connection, request, request.count) == request.count else {
            throw POSIXFailure(call: "write", number: errno)
        }
        if announcedBytes != nil { shutdown(connection, Int32(SHUT_WR)) }
        return PlainClient.answer(try PlainClient.readAll(connection))
    }

    private static func readAll(_ connection: Int32) throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count >= 0 else { throw POSIXFailure(call: "read", number: errno) }
            if count == 0 { return all }
            all += buffer[..<count]
        }
    }

    private static func answer(_ bytes: [UInt8]) -> Answer {
        let end = Array("\r\n\r\n".utf8)
        let start = bytes.indices.first { bytes[$0...].starts(with: end) }
        let head = String(decoding: bytes[..<(start ?? 0)], as: UTF8.self)
        let words = head.split(separator: " ")
        return Answer(
            status: words.count > 1 ? Int(words[1]) ?? 0 : 0,
            body: start.map { Array(bytes[($0 + 4)...]) } ?? [])
    }
}
