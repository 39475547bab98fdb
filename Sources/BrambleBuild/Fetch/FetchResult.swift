package import BrambleModel

/// A file or a directory that was made of what a URL yielded.
package struct FetchedURL: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file(isExecutable: Bool)
        case directory
    }

    /// What is at the path that was given for it.
    package let kind: Kind
    /// The fact to be locked.
    package let urlHash: URLHash
    /// Of what was fetched, not of what was unpacked.
    package let sizeBytes: Int
    package let contentType: String?
    /// The places that servers sent us to, as they may be shown.
    package let redirects: [String]
}

/// A directory with the tree of a commit.
package struct FetchedGit: Hashable, Sendable {
    package let url: SourceURL
    package let reference: String
    /// In hexadecimal digits.
    package let commit: String

    /// The fact to be locked.
    ///
    /// - Parameter tree: The tree of the directory, as the store digests it.
    package func pin(tree: Digest) -> GitPin {
        GitPin(url: url, reference: reference, commit: commit, tree: tree)
    }
}
