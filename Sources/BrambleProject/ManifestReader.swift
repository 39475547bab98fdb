import BrambleModel
import SourceDiagnostics

/// Takes a manifest out of its document, and collects what is wrong.
struct ManifestReader {
    typealias Parts = (
        name: PackageName, version: String, dependencies: [Manifest.Dependency],
        aliases: [String: String], grants: Manifest.Grants
    )

    let file: SourceFile
    private(set) var diagnostics: [Diagnostic] = []

    init(file: SourceFile) {
        self.file = file
    }

    /// - Returns: nil only if there are diagnostics.
    mutating func read(_ root: TOMLTable) -> Parts? {
        checkKeys(root, ["package", "dependencies", "run", "aliases"], of: "bramble.toml")
        let start = SourceSpan(start: 0, end: 0)
        guard let package = root["package"] else {
            report(
                "`[package]` is missing", start, hint: "add `[package]` with `name` and `version`")
            return nil
        }
        var name: PackageName?
        var version: String?
        if let table = table(package) {
            checkKeys(table, ["name", "version"], of: "[package]")
            name = text("name", table, package).flatMap { packageName($0.0, $0.1) }
            version = text("version", table, package).flatMap { semanticVersion($0.0, $0.1) }
        }
        let dependencies = root["dependencies"].flatMap { table($0) }?.entries ?? []
        let read = dependencies.compactMap { dependency($0) }
        let aliases = root["aliases"].flatMap { table($0) }.map { self.aliases($0) }
        let grants = root["run"].flatMap { table($0) }.map { self.grants($0) }
        guard let name, let version else { return nil }
        return (name, version, read, aliases ?? [:], grants ?? Manifest.Grants())
    }

    private mutating func aliases(_ table: TOMLTable) -> [String: String] {
        var aliases: [String: String] = [:]
        for entry in table.entries {
            guard let target = string(entry) else { continue }
            do throws(ProjectError) {
                _ = try Target(target)
                aliases[entry.key] = target
            } catch {
                report(error.message, entry.value.span, hint: error.hint)
            }
        }
        return aliases
    }

    private mutating func grants(_ table: TOMLTable) -> Manifest.Grants {
        checkKeys(table, ["paths", "read_only_paths", "hidden_paths", "network"], of: "[run]")
        var grants = Manifest.Grants()
        grants.paths = table["paths"].map { strings($0) } ?? []
        grants.readOnlyPaths = table["read_only_paths"].map { strings($0) } ?? []
        grants.hiddenPaths = table["hidden_paths"].map { strings($0) } ?? []
        if let entry = table["network"] {
            if case .boolean(let network) = entry.value.content {
                grants.network = network
            } else {
                wrongType(entry, "`true` or `false`")
            }
        }
        return grants
    }

    private mutating func dependency(_ entry: TOMLEntry) -> Manifest.Dependency? {
        let name = packageName(entry.key, entry.keySpan)
        var version: String?
        var path: String?
        if let text = entry.value.string {
            version = semanticVersion(text, entry.value.span)
        } else if let table = entry.value.table {
            checkKeys(table, ["version", "path"], of: "a dependency")
            version = table["version"].flatMap { entry in
                string(entry).flatMap { semanticVersion($0, entry.value.span) }
            }
            path = table["path"].flatMap { string($0) }
            if table["version"] == nil && table["path"] == nil {
                report(
                    "the dependency `\(entry.key)` has neither version nor path", entry.keySpan,
                    hint: "write `\"\(entry.key)\" = \"1.0.0\"`")
            }
        } else {
            wrongType(entry, "a string or a table")
        }
        return name.map {
            Manifest.Dependency(name: $0, version: version, path: path, span: entry.keySpan)
        }
    }

    // MARK: Values

    private mutating func table(_ entry: TOMLEntry) -> TOMLTable? {
        if entry.value.table == nil { wrongType(entry, "a table") }
        return entry.value.table
    }

    private mutating func string(_ entry: TOMLEntry) -> String? {
        if entry.value.string == nil { wrongType(entry, "a string") }
        return entry.value.string
    }

    private mutating func strings(_ entry: TOMLEntry) -> [String] {
        guard case .array(let values) = entry.value.content else {
            wrongType(entry, "an array of strings")
            return []
        }
        return values.compactMap { value in
            if let text = value.string { return text }
            report(
                "`\(entry.key)` must hold strings, not \(value.typeName)", value.span, hint: nil)
            return nil
        }
    }

    private mutating func text(
        _ key: String, _ table: TOMLTable, _ parent: TOMLEntry
    ) -> (String, SourceSpan)? {
        guard let entry = table[key] else {
            report(
                "`\(key)` is missing in `[\(parent.key)]`", parent.keySpan,
                hint: "add `\(key) = \"…\"`")
            return nil
        }
        return string(entry).map { ($0, entry.value.span) }
    }

    private mutating func packageName(_ text: String, _ span: SourceSpan) -> PackageName? {
        do throws(Fault) {
            return try PackageName(text)
        } catch {
            report(error.message, span, hint: error.hint)
            return nil
        }
    }

    private mutating func semanticVersion(_ text: String, _ span: SourceSpan) -> String? {
        if isSemanticVersion(text) { return text }
        report(
            "`\(text)` is not a version", span,
            hint: "write three numbers, as in `1.2.3` or `1.2.3-beta.1`")
        return nil
    }

    private mutating func checkKeys(_ table: TOMLTable, _ known: [String], of place: String) {
        for entry in table.entries where !known.contains(entry.key) {
            let near = closestMatch(to: entry.key, among: known)
            report(
                "unknown key `\(entry.key)` in `\(place)`", entry.keySpan,
                hint: near.map { "did you mean `\($0)`?" }
                    ?? "known are " + known.map { "`\($0)`" }.joined(separator: ", "))
        }
    }

    private mutating func wrongType(_ entry: TOMLEntry, _ wanted: String) {
        report(
            "`\(entry.key)` must be \(wanted), not \(entry.value.typeName)", entry.value.span,
            hint: nil)
    }

    private mutating func report(_ message: String, _ span: SourceSpan, hint: String?) {
        diagnostics.append(Diagnostic(.error, message, in: file, at: span, hint: hint))
    }
}

/// Whether a text is a version by Semantic Versioning 2.0.0.
private func isSemanticVersion(_ text: String) -> Bool {
    let build = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = build[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 3, numbers.allSatisfy(isVersionNumber) else { return false }
    let names = { (part: Substring) in part.split(separator: ".", omittingEmptySubsequences: false)
    }
    if parts.count == 2 {
        let isValid = names(parts[1]).allSatisfy { name in
            isIdentifier(name) && (!name.utf8.allSatisfy { 48...57 ~= $0 } || isVersionNumber(name))
        }
        guard isValid else { return false }
    }
    return build.count == 1 || names(build[1]).allSatisfy(isIdentifier)
}

private func isVersionNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { 48...57 ~= $0 } && (text == "0" || text.first != "0")
}

private func isIdentifier(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { isBareKey($0) && $0 != UInt8(ascii: "_") }
}
