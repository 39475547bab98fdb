/// Which requests go through a proxy, as the environment variables of curl say it.
///
/// `http_proxy` counts in lower case only: a web server hands its programs the header `Proxy` as
/// `HTTP_PROXY`.
package struct ProxySettings: Hashable, Sendable {
    struct Proxy: Hashable, Sendable {
        let host: String
        let port: Int
        let credential: Credential?
    }

    private let plain: Proxy?
    private let secure: Proxy?
    /// Hosts that are reached directly: names with all below them, `*` for all.
    private let direct: [String]

    package static let none = ProxySettings()

    private init() {
        plain = nil
        secure = nil
        direct = []
    }

    /// - Throws: A proxy that is no URL of scheme http.
    package init(environment: [String: String]) throws(FetchError) {
        func proxy(_ names: [String]) throws(FetchError) -> Proxy? {
            for name in names {
                guard let text = environment[name] else { continue }
                return text.isEmpty ? nil : try ProxySettings.proxy(text, variable: name)
            }
            return nil
        }
        plain = try proxy(["http_proxy", "all_proxy", "ALL_PROXY"])
        secure = try proxy(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
        direct = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "")
            .split(whereSeparator: { $0 == "," || $0 == " " })
            .map { ($0.hasPrefix(".") ? $0.dropFirst() : $0).lowercased() }
    }

    /// The proxy for a request; nil to send it to the host itself.
    func proxy(for address: HTTPAddress) -> Proxy? {
        let isDirect = direct.contains { rule in
            rule == "*" || address.host == rule || address.host.hasSuffix("." + rule)
                || "\(address.host):\(address.port)" == rule
        }
        return isDirect ? nil : address.isSecure ? secure : plain
    }

    /// The message must not repeat the text: it may hold a password.
    private static func proxy(_ text: String, variable: String) throws(FetchError) -> Proxy {
        let failure = FetchError(
            .files, "cannot use the proxy in the variable `\(variable)`",
            hint: "write `http://host:port`; proxies of other kinds are not supported")
        var rest = Substring(text)
        if let scheme = text.firstRange(of: "://") {
            guard text[..<scheme.lowerBound].lowercased() == "http" else { throw failure }
            rest = text[scheme.upperBound...]
        }
        var credential: Credential?
        if let at = rest.lastIndex(of: "@") {
            let words = rest[..<at].split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let user = URLPath.decoded(words[0]),
                let password = URLPath.decoded(words.count > 1 ? words[1] : "")
            else { throw failure }
            credential = Credential(user: user, password: password)
            rest = rest[rest.index(after: at)...]
        }
        guard let address = HTTPAddress("http://" + rest) else { throw failure }
        return Proxy(host: address.host, port: address.port, credential: credential)
    }
}
