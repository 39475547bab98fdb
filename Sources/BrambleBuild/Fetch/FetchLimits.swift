/// How much a fetch may take.
package struct FetchLimits: Hashable, Sendable {
    /// The largest file that is fetched.
    package var fileBytes: Int
    package var connectTimeout: Duration
    /// How long a server may be silent.
    package var idleTimeout: Duration
    /// So much must come in each such span of time.
    package var slowBytes: Int
    package var slowSpan: Duration
    package var redirects: Int
    package var retries: RetryPolicy
    package var unpacking: UnpackLimits

    package init(
        fileBytes: Int, connectTimeout: Duration, idleTimeout: Duration, slowBytes: Int,
        slowSpan: Duration, redirects: Int, retries: RetryPolicy, unpacking: UnpackLimits
    ) {
        self.fileBytes = fileBytes
        self.connectTimeout = connectTimeout
        self.idleTimeout = idleTimeout
        self.slowBytes = slowBytes
        self.slowSpan = slowSpan
        self.redirects = redirects
        self.retries = retries
        self.unpacking = unpacking
    }

    /// A file of 16 GiB is larger than any release; 100 bytes a second are less than any line of today;
    /// browsers follow 20 redirects, and no honest host needs half of them.
    package static let standard = FetchLimits(
        fileBytes: 16 << 30, connectTimeout: .seconds(15), idleTimeout: .seconds(60),
        slowBytes: 6_000, slowSpan: .seconds(60), redirects: 10, retries: .standard,
        unpacking: .standard)
}
