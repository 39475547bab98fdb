/// What a user's configuration and the command line say about fetching. Nothing of it comes from a
/// project.
package struct FetchOptions: Sendable {
    package var mirrors: Mirrors
    package var netrc: Netrc
    package var credentialHelper: CredentialHelper?
    package var proxies: ProxySettings
    /// Whether only file URLs may be used, those of hashed mirrors included.
    package var isOffline: Bool
    /// Which files of this machine may be fetched.
    package var files = FileAccess.all
    package var limits: FetchLimits
    /// For the programs that are run: `git`, ssh, the credential helper. Of it, they get what they need.
    package var environment: [String: String]

    package init(
        mirrors: Mirrors, netrc: Netrc, credentialHelper: CredentialHelper?, proxies: ProxySettings,
        isOffline: Bool, limits: FetchLimits, environment: [String: String]
    ) {
        self.mirrors = mirrors
        self.netrc = netrc
        self.credentialHelper = credentialHelper
        self.proxies = proxies
        self.isOffline = isOffline
        self.limits = limits
        self.environment = environment
    }

    /// No mirrors, credentials or proxies.
    package static let standard = FetchOptions(
        mirrors: .none, netrc: .none, credentialHelper: nil, proxies: .none, isOffline: false,
        limits: .standard, environment: [:])
}
