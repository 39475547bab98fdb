package import BrambleModel
package import SourceDiagnostics

/// What was found out about the world outside of a project, and is to stay so: `bramble.lock`.
///
/// One fact a line, sorted, and none of them about the machine: so that it merges line by line.
package struct Lockfile: Hashable, Sendable {
    package static let fileName = "bramble.lock"

    /// Sorted by URL, each once.
    package private(set) var urlHashes: [URLHash] = []
    /// Sorted by URL and reference, each once.
    package private(set) var gitPins: [GitPin] = []

    /// A lock file that says nothing.
    package init() {}

    /// Reads a lock file. Its lines may have any order.
    ///
    /// - Throws: All that is wrong with it.
    package init(_ file: SourceFile) throws(DiagnosticList) {
        if let conflict = Lockfile.conflict(in: file) { throw DiagnosticList([conflict]) }
        var reader = LockfileReader(file: file)
        reader.read(try TOMLDocument(file).root)
        guard reader.diagnostics.isEmpty else { throw DiagnosticList(reader.diagnostics) }
        urlHashes = reader.urlHashes.sorted()
        gitPins = reader.gitPins.sorted()
    }

    /// A merge that was not finished, which no reader of TOML would name so.
    private static func conflict(in file: SourceFile) -> Diagnostic? {
        let marks = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        for line in 1...file.lineCount
        where marks.contains(where: file.text(ofLine: line).hasPrefix) {
            let range = file.range(ofLine: line)
            return Diagnostic(
                .error, "a merge was not finished", in: file,
                at: SourceSpan(start: UInt32(range.lowerBound), end: UInt32(range.upperBound)),
                hint: "keep the lines of both sides, and remove the marks")
        }
        return nil
    }

    // MARK: Facts

    /// A fact contradicts one that is locked.
    package struct Mismatch: Error, Hashable, Sendable {
        /// What the fact is about: a URL, or a URL and a reference of Git.
        package let subject: String
        /// What is locked.
        package let expected: String
        /// What came.
        package let actual: String
    }

    /// The same with more facts; those that it has already change nothing.
    ///
    /// - Throws: The first fact that differs from what is locked.
    package func merging(
        urlHashes newHashes: [URLHash], gitPins newPins: [GitPin]
    ) throws(Mismatch) -> Lockfile {
        var result = self
        for new in newHashes {
            guard let old = result.urlHashes.first(where: { $0.url == new.url }) else {
                result.urlHashes.append(new)
                continue
            }
            if old.hash != new.hash {
                throw Mismatch(
                    subject: "\(new.url)", expected: "\(old.hash)", actual: "\(new.hash)")
            }
        }
        for new in newPins {
            let old = result.gitPins.first { $0.url == new.url && $0.reference == new.reference }
            guard let old else {
                result.gitPins.append(new)
                continue
            }
            if old != new {
                throw Mismatch(subject: new.key, expected: old.fact, actual: new.fact)
            }
        }
        result.urlHashes.sort()
        result.gitPins.sort()
        return result
    }

    /// The same with some of its facts only.
    package func filtered(
        urlHashes keepsHash: (URLHash) -> Bool, gitPins keepsPin: (GitPin) -> Bool
    ) -> Lockfile {
        var result = self
        result.urlHashes.removeAll { !keepsHash($0) }
        result.gitPins.removeAll { !keepsPin($0) }
        return result
    }

    /// The same without facts about what another one has a fact about.
    package func removing(_ other: Lockfile) -> Lockfile {
        let urls = Set(other.urlHashes.map(\.url))
        let keys = Set(other.gitPins.map(\.key))
        return filtered(
            urlHashes: { !urls.contains($0.url) }, gitPins: { !keys.contains($0.key) })
    }

    /// The same with what another one says of what this one has no fact about.
    package func adding(_ other: Lockfile) -> Lockfile {
        let more = other.removing(self)
        var result = self
        result.urlHashes = (urlHashes + more.urlHashes).sorted()
        result.gitPins = (gitPins + more.gitPins).sorted()
        return result
    }

    /// The one text of a lock file; empty if it says nothing.
    package var text: String {
        let tables = [
            ("url_hashes", urlHashes.map { ($0.url.description, $0.hash.description) }),
            ("git", gitPins.map { ($0.key, $0.fact) }),
        ]
        return tables.filter { !$0.1.isEmpty }.map { name, facts in
            "[\(name)]\n" + facts.map { "\(quoted($0)) = \(quoted($1))\n" }.joined()
        }.joined(separator: "\n")
    }

    /// A basic string of TOML. Keys and facts have no control characters.
    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension GitPin {
    /// What stands before the `=`: `URL#REFERENCE`. URLs have no `#`.
    fileprivate var key: String { "\(url)#\(reference)" }

    /// What stands behind it: commit and tree.
    fileprivate var fact: String { "\(commit) \(tree)" }
}
