package import BrambleModel
package import SourceDiagnostics

/// A user's configuration, `$XDG_CONFIG_HOME/bramble/config.toml` (docs/configuration.md).
package struct UserConfigurationFile: Sendable {
    /// URLs with a beginning, and what to put in its place.
    package struct Rewriting: Sendable {
        package let prefix: String
        package let replacements: [String]
    }

    package fileprivate(set) var hashedMirrors: [SourceURL] = []
    package fileprivate(set) var rewritings: [Rewriting] = []
    /// An absolute path.
    package fileprivate(set) var netrc: String?
    /// A program and its arguments.
    package fileprivate(set) var credentialHelper: [String]?

    package internal(set) var remote = Remote()

    /// That of who has none.
    package init() {}

    /// - Throws: All that is wrong with the file.
    package init(_ file: SourceFile) throws(DiagnosticList) {
        var reader = UserConfigurationReader(file: file)
        reader.read(try TOMLDocument(file).root)
        guard reader.diagnostics.isEmpty else { throw DiagnosticList(reader.diagnostics) }
        self = reader.result
    }
}

/// Takes a configuration out of its document, and collects what is wrong.
struct UserConfigurationReader {
    let file: SourceFile
    var result = UserConfigurationFile()
    var diagnostics: [Diagnostic] = []

    init(file: SourceFile) {
        self.file = file
    }

    mutating func read(_ root: TOMLTable) {
        for entry in root.entries {
            guard ["fetch", "remote"].contains(entry.key) else {
                report(
                    "unknown table `[\(entry.key)]`", entry.keySpan,
                    hint: "there are `[fetch]` and `[remote]`")
                continue
            }
            guard let table = entry.value.table else {
                report(
                    "`\(entry.key)` must be a table, not \(entry.value.typeName)", entry.value.span)
                continue
            }
            for inner in table.entries {
                if entry.key == "fetch" { readFetch(inner) } else { readRemote(inner) }
            }
        }
    }

    private mutating func readFetch(_ entry: TOMLEntry) {
        switch entry.key {
        case "hashed_mirrors":
            for (text, span) in texts(entry) {
                do throws(Fault) {
                    result.hashedMirrors.append(try SourceURL(text))
                } catch {
                    report(error.message, span, hint: error.hint)
                }
            }
        case "netrc":
            result.netrc = path(entry)
        case "credential_helper": result.credentialHelper = texts(entry).map(\.text)
        case "rewrite":
            guard let table = entry.value.table else {
                report("`rewrite` must be a table, not \(entry.value.typeName)", entry.value.span)
                return
            }
            for rewriting in table.entries {
                result.rewritings.append(
                    UserConfigurationFile.Rewriting(
                        prefix: rewriting.key, replacements: texts(rewriting).map(\.text)))
            }
        default:
            report(
                "unknown key `\(entry.key)` in `[fetch]`", entry.keySpan,
                hint: "there are `hashed_mirrors`, `rewrite`, `netrc` and `credential_helper`")
        }
    }

    mutating func path(_ entry: TOMLEntry) -> String? {
        guard let path = entry.value.string, path.hasPrefix("/") else {
            report("`\(entry.key)` must be an absolute path", entry.value.span)
            return nil
        }
        return path
    }

    mutating func texts(_ entry: TOMLEntry) -> [(text: String, span: SourceSpan)] {
        guard case .array(let values) = entry.value.content else {
            report("`\(entry.key)` must be an array of strings", entry.value.span)
            return []
        }
        return values.compactMap { value in
            guard let text = value.string else {
                report("this must be a string, not \(value.typeName)", value.span)
                return nil
            }
            return (text, value.span)
        }
    }

    mutating func report(_ message: String, _ span: SourceSpan, hint: String? = nil) {
        diagnostics.append(Diagnostic(.error, message, in: file, at: span, hint: hint))
    }
}
