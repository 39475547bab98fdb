/// Fetches are told all by their environment. They are the same on every machine and depend on no
/// derivation, so that what they yield can be locked.
extension DerivationCheck {
    mutating func checkIsFetch(_ variables: [String]) {
        for entry in fields.env.entries where !variables.contains(where: { $0 == entry.name }) {
            let known = variables.map { "`\($0)`" }.joined(separator: ", ")
            add(
                Fault(
                    .unknownField, "`\(fields.builder)` knows no variable \(quoted(entry.name))",
                    hint: "its variables are \(known)"), .key("env"), .key(entry.name))
        }
        let unused: [(name: String, isUsed: Bool)] = [
            ("args", !fields.args.isEmpty), ("links", !fields.links.isEmpty),
            ("outputs", !fields.hasStandardOutputs), ("platform", fields.platform != nil),
            ("sources", fields.sources != nil), ("target", fields.target != nil),
        ]
        for field in unused where field.isUsed {
            add(
                Fault(
                    .conflict, "`\(fields.builder)` takes no `\(field.name)`",
                    hint: "leave the field out"), .key(field.name))
        }
        for entry in fields.env.entries where mayRefer(entry.value) {
            add(
                Fault(
                    .conflict, "`\(fields.builder)` takes no references",
                    hint: "write the text itself; what is fetched depends on no derivation"),
                .key("env"), .key(entry.name))
        }
    }

    private func mayRefer(_ text: String) -> Bool {
        // What is almost a reference is reported where texts are checked.
        (try? Reference.scan(text))?.isEmpty == false
    }

    mutating func fetchURL() -> Derivation.FetchURL? {
        let url = variable("url", isRequired: true) { text throws(Fault) in
            let url = try SourceURL(text)
            guard url.scheme != .ssh else {
                throw Fault(
                    .invalidText, "`fetch_url` can't fetch \(quoted(text))",
                    hint: "begin with `https://`, `http://` or `file:///`")
            }
            return url
        }
        let hash = variable("hash") { text throws(Fault) in try ContentHash(text) }
        let unpack = variable("unpack", parseBoolean)
        let isExecutable = variable("executable", parseBoolean)
        let strip = variable("strip_components") { text throws(Fault) in
            guard let count = Int(decimal: text.utf8), count <= largestStripCount else {
                throw Fault(
                    .invalidText, "\(quoted(text)) is not a number of path components",
                    hint: "write a number from 0 to \(largestStripCount)")
            }
            return count
        }
        checkUnpacking(unpack, strip: strip, isExecutable: isExecutable)
        guard let url else { return nil }
        return Derivation.FetchURL(
            url: url, hash: hash, unpack: unpack, stripComponents: strip ?? 0,
            isExecutable: isExecutable ?? false)
    }

    private mutating func checkUnpacking(_ unpack: Bool?, strip: Int?, isExecutable: Bool?) {
        if unpack == false, strip ?? 0 > 0 {
            add(
                Fault(
                    .conflict, "`strip_components` is of no use where nothing is unpacked",
                    hint: "leave out one of `unpack` and `strip_components`"),
                .key("env"), .key("strip_components"))
        }
        if unpack == true, isExecutable == true {
            add(
                Fault(
                    .conflict, "`executable` is of no use where an archive is unpacked",
                    hint:
                        "leave it out; archives say themselves which files may be executed"
                ),
                .key("env"), .key("executable"))
        }
    }

    mutating func fetchGit() -> Derivation.FetchGit? {
        let url = variable("url", isRequired: true) { text throws(Fault) in try SourceURL(text) }
        let reference = variable("reference", isRequired: true) { text throws(Fault) in
            let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
            guard !text.isEmpty, isPlain, text.utf8.count <= 255, !text.utf8.starts(with: "-".utf8)
            else {
                throw Fault(
                    .invalidText, "\(quoted(text)) is not a reference of Git",
                    hint: "write a branch, a tag or a commit, as in `v1.2` or `refs/heads/main`")
            }
            return text
        }
        guard let url, let reference else { return nil }
        return Derivation.FetchGit(url: url, reference: reference)
    }

    /// Parses a variable; a fault, also that it is missing, is noted.
    private mutating func variable<Value>(
        _ name: String, isRequired: Bool = false, _ parse: (String) throws(Fault) -> Value
    ) -> Value? {
        guard let text = fields.env[name] else {
            if isRequired {
                add(
                    Fault(
                        .missingField, "`\(fields.builder)` lacks the variable `\(name)`",
                        hint: "set `\(name)` in `env`"), .key("env"))
            }
            return nil
        }
        do throws(Fault) {
            return try parse(text)
        } catch {
            add(error, .key("env"), .key(name))
            return nil
        }
    }
}

/// More directories than an archive's path can have.
private let largestStripCount = 2048

private func parseBoolean(_ text: String) throws(Fault) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    default:
        throw Fault(
            .invalidText, "\(quoted(text)) is not a boolean", hint: "write `true` or `false`")
    }
}
