package import BrambleModel

/// Where a user has things fetched from instead (DESIGN, "Projects"). Only a user's configuration
/// sets it, never a project's.
package struct Mirrors: Hashable, Sendable {
    /// URLs with this beginning are fetched from elsewhere, and only there.
    package struct Rewriting: Hashable, Sendable {
        package let prefix: String
        /// What stands in place of the prefix: tried in this order.
        package let replacements: [String]

        package init(prefix: String, replacements: [String]) {
            self.prefix = prefix
            self.replacements = replacements
        }
    }

    package let rewritings: [Rewriting]
    /// Each has `<base>/<sha256>/<file name>`, and is tried first where the hash is known: what
    /// comes from there needs no trust.
    package let hashedBases: [SourceURL]

    package init(rewritings: [Rewriting], hashedBases: [SourceURL]) {
        self.rewritings = rewritings
        self.hashedBases = hashedBases
    }

    package static let none = Mirrors(rewritings: [], hashedBases: [])

    /// One place to try.
    struct Candidate: Hashable, Sendable {
        let url: SourceURL
        /// Whether it is a hashed mirror, whose failures are no news.
        let isHashedMirror: Bool
    }

    /// The places to try for a URL, in order.
    ///
    /// - Throws: A rewritten URL is none.
    func candidates(
        for url: SourceURL, hash: ContentHash?
    ) throws(FetchError) -> [Candidate] {
        var candidates: [Candidate] = []
        if let hash, let name = URLPath.fileName(url.description) {
            for base in hashedBases {
                let folder = base.description.hasSuffix("/") ? "" : "/"
                candidates.append(
                    Candidate(
                        url: try Mirrors.url("\(base)\(folder)\(hash.hex)/\(name)"),
                        isHashedMirror: true))
            }
        }
        for text in rewritten(url.description) {
            candidates.append(Candidate(url: try Mirrors.url(text), isHashedMirror: false))
        }
        return candidates
    }

    /// By the longest prefix that fits; the URL itself if there is none.
    func rewritten(_ url: String) -> [String] {
        let fitting = rewritings.filter { url.utf8.starts(with: $0.prefix.utf8) }
        guard let best = fitting.max(by: { $0.prefix.utf8.count < $1.prefix.utf8.count }) else {
            return [url]
        }
        let rest = url.dropFirst(best.prefix.count)
        return best.replacements.map { $0 + rest }
    }

    private static func url(_ text: String) throws(FetchError) -> SourceURL {
        do throws(Fault) {
            return try SourceURL(text)
        } catch {
            throw FetchError(
                .files, "cannot use a mirror of the configuration: \(error.message)",
                hint: error.hint, cause: error)
        }
    }
}
