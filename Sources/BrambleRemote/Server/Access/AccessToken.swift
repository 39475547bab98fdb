package import BrambleModel

/// What a client may do.
package enum Role: String, CaseIterable, Sendable {
    /// Read blobs and results.
    case read
    /// Upload blobs and keep results.
    case write
    /// Upload blobs and have actions run, and whole builds done.
    case execute
}

/// One line of a file of tokens: who it is for, what for, until when. The token itself is not in it.
package struct AccessToken: Sendable {
    package let name: String
    package let roles: Set<Role>
    package let hash: ContentHash
    /// Seconds since 1970; nil for no end.
    package let expiry: Int?
}
