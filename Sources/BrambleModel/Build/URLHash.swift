/// What a URL yielded: a row of `[url_hashes]` in `bramble.lock`.
public struct URLHash: Codable, Hashable, Sendable {
    public let url: SourceURL
    /// Of the bytes fetched, before anything is unpacked.
    public let hash: ContentHash

    public init(url: SourceURL, hash: ContentHash) {
        self.url = url
        self.hash = hash
    }
}

extension URLHash: Comparable {
    /// By URL, then by hash.
    public static func < (left: URLHash, right: URLHash) -> Bool {
        let (first, second) = (left.url.description, right.url.description)
        return first == second ? left.hash < right.hash : first.precedesByBytes(second)
    }
}

/// What a reference of a Git repository meant: a row of `[git]` in `bramble.lock`.
public struct GitPin: Codable, Hashable, Sendable {
    public let url: SourceURL
    /// A branch, a tag, or a commit.
    public let reference: String
    /// The commit it meant, in hexadecimal digits.
    public let commit: String
    /// The tree of the commit, as the store digests trees.
    public let tree: Digest

    public init(url: SourceURL, reference: String, commit: String, tree: Digest) {
        self.url = url
        self.reference = reference
        self.commit = commit
        self.tree = tree
    }
}

extension GitPin: Comparable {
    /// By URL, then by reference, then by commit.
    public static func < (left: GitPin, right: GitPin) -> Bool {
        let first = [left.url.description, left.reference, left.commit]
        let second = [right.url.description, right.reference, right.commit]
        for (one, other) in zip(first, second) where !one.hasSameBytes(as: other) {
            return one.precedesByBytes(other)
        }
        return left.tree < right.tree
    }
}
