/// Whether a server may listen where it is told to.
enum ServerSafety {
    /// - Throws: `notSafe` if others than this machine could do something unknown, or read along.
    static func check(_ options: ServerOptions) throws(ServerError) {
        let addresses = [options.address] + (options.plainAddress.map { [$0] } ?? [])
        guard let open = addresses.first(where: { !$0.isLoopback }) else { return }
        guard options.security != nil else {
            throw ServerError(
                .notSafe, "the server would be at \(open) for all to read along: it has no TLS",
                hint: "give it `--tls-certificate` and `--tls-key`, or let it listen at 127.0.0.1")
        }
        guard options.tokens != nil || options.security?.clientAuthorities != nil else {
            throw ServerError(
                .notSafe,
                "the server would be at \(open) for all to use: it has neither tokens nor a client "
                    + "authority",
                hint: "give it `--tokens` or `--tls-client-ca`, or let it listen at 127.0.0.1")
        }
    }
}
