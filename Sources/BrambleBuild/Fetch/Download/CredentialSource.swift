/// Which credentials a request gets.
struct CredentialSource: Sendable {
    let netrc: Netrc
    let helper: CredentialHelper?
    /// For the helper.
    let environment: [String: String]

    init(_ options: FetchOptions) {
        netrc = options.netrc
        helper = options.credentialHelper
        environment = options.environment
    }

    /// The value of the header `Authorization`, or nil.
    ///
    /// None is sent in the clear, unless it does not leave this machine.
    func authorization(for address: HTTPAddress) async throws -> String? {
        try await credential(for: address)?.basicAuthorization
    }

    /// The netrc file comes first, as it is the cheaper one to ask.
    func credential(for address: HTTPAddress) async throws -> Credential? {
        guard address.isSecure || address.isLoopback else { return nil }
        if let credential = netrc.credential(forHost: address.host) { return credential }
        return try await helper?.credential(for: address, environment: environment)
    }
}
