import Glibc
import TestKit

/// Sockets of this machine, with calls that block.
enum LoopbackSocket {
    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    private static func with<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }

    /// - Returns: The descriptor, and the port.
    static func listen(at port: Int = 0) throws -> (Int32, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var own = address(port)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard with(&own, { bind(descriptor, $0, size) }) == 0, Glibc.listen(descriptor, 64) == 0,
            with(&own, { getsockname(descriptor, $0, &size) }) == 0
        else { throw POSIXFailure(call: "listen", number: errno) }
        return (descriptor, Int(in_port_t(bigEndian: own.sin_port)))
    }

    static func connect(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var other = address(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard with(&other, { Glibc.connect(descriptor, $0, size) }) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// A port of which nobody listens, most likely for a while.
    static func freePort() throws -> Int {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    static func isReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) > 0
    }

    /// - Returns: nil if that failed; empty at the end.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, size in
            count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            size = max(0, count)
        }
        return count < 0 ? nil : bytes
    }

    static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(
                    descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Closes a connection so that the other side gets RST.
    static func reset(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }
}
