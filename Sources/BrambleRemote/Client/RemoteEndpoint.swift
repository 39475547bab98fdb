package import BrambleModel
import Glibc

/// Where an engine or a cache listens: `grpc://HOST:PORT`, `grpcs://HOST:PORT` with TLS, and behind a
/// slash the name of an instance, which engines that serve several want.
package struct RemoteEndpoint: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: Int
    package let usesTLS: Bool
    /// Empty for none.
    package let instance: String

    /// - Throws: What is wrong with the text.
    package init(_ text: String) throws(Fault) {
        let schemes: [(text: String, usesTLS: Bool)] = [("grpc://", false), ("grpcs://", true)]
        guard let scheme = schemes.first(where: { text.hasPrefix($0.text) }) else {
            throw RemoteEndpoint.fault(text, "it does not begin with `grpc://` or `grpcs://`")
        }
        usesTLS = scheme.usesTLS
        let rest = text.dropFirst(scheme.text.count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        instance = String(rest[slash...].drop { $0 == "/" })
        guard !instance.split(separator: "/").contains(where: RemoteEndpoint.reserved.contains),
            !instance.hasSuffix("/")
        else {
            throw RemoteEndpoint.fault(text, "its instance has a reserved word, or ends in `/`")
        }
        let authority = rest[..<slash]
        guard let colon = authority.lastIndex(of: ":"),
            let port = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(port)
        else { throw RemoteEndpoint.fault(text, "it has no port") }
        self.port = port
        let host = authority[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        self.host = String(isBracketed ? host.dropFirst().dropLast() : host)
        guard !self.host.isEmpty, isBracketed || !self.host.contains(":"),
            self.host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw RemoteEndpoint.fault(text, "it has no host") }
    }

    /// Words that resource names are made of, which an instance must not have (REAPI v2, "instance
    /// name").
    private static let reserved: Set<Substring> = [
        "blobs", "uploads", "actions", "actionResults", "operations", "capabilities",
        "compressed-blobs",
    ]

    private static func fault(_ text: String, _ reason: String) -> Fault {
        Fault(
            .invalidText, "`\(text)` is not the address of an engine: \(reason)",
            hint: "write `grpc://HOST:PORT` or `grpcs://HOST:PORT`, and `/INSTANCE` if it has one")
    }

    package var description: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        let end = instance.isEmpty ? "" : "/\(instance)"
        return "\(usesTLS ? "grpcs" : "grpc")://\(host):\(port)\(end)"
    }

    /// What the host is written as.
    enum HostKind {
        case name, ipv4, ipv6
    }

    var hostKind: HostKind {
        if host.contains(":") { return .ipv6 }
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1 ? .ipv4 : .name
    }

    /// Whether it is on this machine, where compression only costs.
    package var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
