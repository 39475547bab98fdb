import BrambleModel
import SourceDiagnostics

/// Takes the facts out of a lock file's document, and collects what is wrong.
struct LockfileReader {
    let file: SourceFile
    private(set) var urlHashes: [URLHash] = []
    private(set) var gitPins: [GitPin] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(file: SourceFile) {
        self.file = file
    }

    mutating func read(_ root: TOMLTable) {
        for entry in root.entries {
            guard let table = entry.value.table else {
                report("`\(entry.key)` must be a table", entry.keySpan)
                continue
            }
            switch entry.key {
            case "url_hashes": for fact in table.entries { readURLHash(fact) }
            case "git": for fact in table.entries { readGitPin(fact) }
            default:
                report(
                    "unknown table `[\(entry.key)]`", entry.keySpan,
                    hint: "it may come from a newer version of Bramble; else remove it")
            }
        }
    }

    private mutating func readURLHash(_ fact: TOMLEntry) {
        guard let text = text(of: fact) else { return }
        let url = parse(fact.key, fact.keySpan) { (text) throws(Fault) in
            let url = try SourceURL(text)
            guard url.scheme != .ssh else {
                throw Fault(
                    .invalidText, "`\(text)` cannot be fetched as a file",
                    hint: "URLs of files begin with `https://`, `http://` or `file:///`")
            }
            return url
        }
        let hash = parse(text, fact.value.span, ContentHash.init)
        if let url, let hash { urlHashes.append(URLHash(url: url, hash: hash)) }
    }

    private mutating func readGitPin(_ fact: TOMLEntry) {
        guard let text = text(of: fact) else { return }
        let key = fact.key.split(separator: "#", maxSplits: 1).map(String.init)
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard key.count == 2, parts.count == 2 else {
            report(
                "`\(fact.key)` is no fact about Git", fact.keySpan,
                hint: "write `\"URL#REFERENCE\" = \"COMMIT TREE\"`, or remove the line")
            return
        }
        let url = parse(key[0], fact.keySpan, SourceURL.init)
        let tree = parse(parts[1], fact.value.span, Digest.init)
        guard let url, let tree else { return }
        guard isCommit(parts[0]) else {
            return report(
                "`\(parts[0])` is no commit", fact.value.span,
                hint: "write its 40 hexadecimal digits, or remove the line")
        }
        gitPins.append(GitPin(url: url, reference: key[1], commit: parts[0], tree: tree))
    }

    private mutating func text(of fact: TOMLEntry) -> String? {
        if fact.value.string == nil {
            report("`\(fact.key)` must be a string, not \(fact.value.typeName)", fact.value.span)
        }
        return fact.value.string
    }

    private mutating func parse<Value>(
        _ text: String, _ span: SourceSpan, _ parse: (String) throws(Fault) -> Value
    ) -> Value? {
        do throws(Fault) {
            return try parse(text)
        } catch {
            report(error.message, span, hint: error.hint)
            return nil
        }
    }

    private mutating func report(_ message: String, _ span: SourceSpan, hint: String? = nil) {
        diagnostics.append(
            Diagnostic(
                .error, message, in: file, at: span,
                hint: hint ?? "remove the line; what is missing is found out again"))
    }
}

/// Whether a text is the name of a commit, by SHA-1.
private func isCommit(_ text: String) -> Bool {
    text.utf8.count == 40
        && text.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
        }
}
