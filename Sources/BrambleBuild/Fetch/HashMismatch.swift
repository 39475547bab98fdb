package import BrambleModel

/// All there is to say about bytes that are not those that were expected (DESIGN, "Projects").
package struct HashMismatch: Hashable, Sendable {
    package let url: SourceURL
    package let expected: ContentHash
    package let actual: ContentHash
    package let sizeBytes: Int
    /// What the server says it is; nil for files, or if it does not say.
    package let contentType: String?
    /// The places that the server sent us to, in order, without their queries.
    package let redirects: [String]

    package init(
        url: SourceURL, expected: ContentHash, actual: ContentHash, sizeBytes: Int,
        contentType: String?, redirects: [String]
    ) {
        self.url = url
        self.expected = expected
        self.actual = actual
        self.sizeBytes = sizeBytes
        self.contentType = contentType
        self.redirects = redirects
    }

    package var error: FetchError {
        let type = contentType.map { ", of type \(quoted($0))" } ?? ""
        let path = redirects.map { ", redirected to \(quoted($0))" }.joined()
        return FetchError(
            .hashMismatch,
            "cannot fetch `\(url)`: expected `\(expected)`, got `\(actual)` "
                + "(\(sizeBytes) bytes\(type)\(path))",
            hint: "if the change is expected, update the hash where it stands, or lock it anew by "
                + "`bramble lock --update URL`; nothing was changed now",
            mismatch: self)
    }
}
