/// A URL of http or https, taken apart as far as sending a request needs (RFC 3986, 3).
struct HTTPAddress: Hashable, Sendable {
    let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    let host: String
    let port: Int
    /// Path and query: begins with `/`.
    let target: String

    /// - Returns: nil unless it is a URL of http or https with a host and without credentials.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let scheme = text[..<colon].lowercased()
        let rest = text[text.index(after: colon)...]
        guard scheme == "http" || scheme == "https", rest.hasPrefix("//"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        let body = rest.dropFirst(2).prefix { $0 != "#" }
        let authority = body.prefix { $0 != "/" && $0 != "?" }
        guard let place = HTTPAddress.place(authority) else { return nil }
        let path = body[authority.endIndex...]
        isSecure = scheme == "https"
        host = place.host
        port = place.port ?? (isSecure ? 443 : 80)
        target = path.hasPrefix("/") ? String(path) : "/" + path
    }

    private init(_ base: HTTPAddress, target: String) {
        isSecure = base.isSecure
        host = base.host
        port = base.port
        self.target = target
    }

    private static func place(_ authority: Substring) -> (host: String, port: Int?)? {
        guard !authority.contains("@") else { return nil }
        var host = authority
        var port: Int?
        if let colon = authority.lastIndex(of: ":"),
            !authority[authority.index(after: colon)...].contains("]")
        {
            let digits = authority[authority.index(after: colon)...]
            if !digits.isEmpty {
                guard let number = UInt16(digits), number > 0 else { return nil }
                port = Int(number)
            }
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains(where: { "[]/\\".contains($0) }) else { return nil }
        return (host.lowercased(), port)
    }

    /// Where a redirect leads (RFC 3986, 5.2).
    ///
    /// - Returns: nil if that is no such URL.
    func resolving(_ location: String) -> HTTPAddress? {
        let text = location.prefix { $0 != "#" }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        if text.hasPrefix("//") { return HTTPAddress((isSecure ? "https:" : "http:") + text) }
        // A colon before any slash or question mark ends a scheme.
        if text.prefix(while: { $0 != "/" && $0 != "?" }).contains(":") {
            return HTTPAddress(String(text))
        }
        let path = target.prefix { $0 != "?" }
        if text.isEmpty { return self }
        if text.hasPrefix("?") { return HTTPAddress(self, target: "\(path)\(text)") }
        if text.hasPrefix("/") { return HTTPAddress(self, target: withoutDots(text)) }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return HTTPAddress(self, target: withoutDots(folder + text))
    }

    /// Removes dot segments of the path (RFC 3986, 5.2.4).
    private func withoutDots(_ target: Substring) -> String {
        let path = target.prefix { $0 != "?" }
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/") + target[path.endIndex...]
    }

    /// Host and port as they stand in a URL; the port only if it is not the scheme's own.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The URL.
    var text: String { "\(isSecure ? "https" : "http")://\(authority)\(target)" }

    /// The URL as it may be shown: what follows `?` may be a signature that lets anyone in.
    var shown: String {
        let path = target.prefix { $0 != "?" }
        let hasQuery = path.endIndex != target.endIndex
        return "\(isSecure ? "https" : "http")://\(authority)\(path)\(hasQuery ? "?…" : "")"
    }

    /// Whether the host is this machine, by its name or address.
    var isLoopback: Bool {
        host == "localhost" || host.hasPrefix("127.") || host == "::1"
    }
}
