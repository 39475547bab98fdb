package import BrambleBuild
internal import Glibc

/// What `bramble server` is told.
package struct ServerOptions: Sendable {
    /// How actions are run, if they are.
    package struct Execution: Hashable, Sendable {
        /// How many at once; nil for as many as there are processors.
        package var jobs: Int?
        /// Paths of this machine that they see, besides their inputs.
        package var exposed: [String]
        /// How long each may run.
        package var timeout: Duration

        package init(jobs: Int?, exposed: [String], timeout: Duration) {
            self.jobs = jobs
            self.exposed = exposed
            self.timeout = timeout
        }

        /// An hour: builds of whole compilers come as many actions.
        package static let usualTimeout = Duration.seconds(3600)
    }

    /// Where to listen, and who may be there.
    package struct Address: Hashable, Sendable {
        /// An IP address.
        package var host: String
        /// 0 for any that is free.
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// What TLS needs, as paths of PEM files.
    package struct Security: Hashable, Sendable {
        package var certificate: String
        package var key: String
        /// Clients have to have certificates of these authorities; nil if they need none.
        package var clientAuthorities: String?

        package init(certificate: String, key: String, clientAuthorities: String?) {
            self.certificate = certificate
            self.key = key
            self.clientAuthorities = clientAuthorities
        }
    }

    package var address: Address
    /// Where plain HTTP is listened for; nil if it is not.
    package var plainAddress: Address?
    /// Where blobs and results are kept.
    package var folder: String
    /// What they may take together.
    package var maximumBytes: Int
    /// nil for no TLS.
    package var security: Security?
    /// nil if everybody may do everything.
    package var tokens: TokenFile?
    /// nil if this is a cache only.
    package var execution: Execution?
    /// Does whole builds; nil if there are none.
    package var building: BuildHost?
    /// What each client may upload within an hour; nil for no limit.
    package var uploadBytesPerHour: Int?
    /// Told what whoever runs the server should know, from any thread.
    package var warn: @Sendable (String) -> Void = { _ in }
    /// How long calls may go on when the server is told to stop.
    package var stopLimit = ServerOptions.usualStopLimit

    /// Longer than most calls take; a supervisor kills after 90 seconds as a rule.
    package static let usualStopLimit = Duration.seconds(30)

    package init(address: Address, folder: String, maximumBytes: Int) {
        self.address = address
        self.folder = folder
        self.maximumBytes = maximumBytes
    }
}

extension ServerOptions.Address: CustomStringConvertible {
    /// `HOST:PORT`, with brackets for IPv6.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// - Returns: nil unless the text is an IP address, or `localhost`, and a port.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host == "localhost" { host = "127.0.0.1" }
        var room = in6_addr()
        let families = [AF_INET, AF_INET6]
        guard families.contains(where: { inet_pton($0, String(host), &room) == 1 }) else {
            return nil
        }
        self.init(host: String(host), port: port)
    }

    /// Whether only this machine can reach it.
    package var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }
}
