import SourceDiagnostics

/// What a command is to work on, as its argument says it; see `docs/project-files.md`.
package enum Target: Hashable, Sendable {
    /// Where the modules are.
    package enum Place: Hashable, Sendable {
        /// `./path`, from the current folder: how many folders up, then down.
        case local(up: Int, down: [String])
        /// `module/path`, with the version if one is named.
        case module(String, version: String?)
    }

    /// `place:function`.
    case function(Place, String)
    /// `place`: every target of the module.
    case module(Place)
    /// `place/...`: every target of every module there and below.
    case tree(Place)

    /// - Parameters:
    ///   - aliases: From name to target, as `[aliases]` has them; an alias is not looked up twice.
    /// - Throws: What is wrong with the text (`usage`).
    package init(_ text: String, aliases: [String: String] = [:]) throws(ProjectError) {
        if let target = aliases[text] {
            self = try Target(target)
            return
        }
        guard !text.isEmpty else {
            throw ProjectError(.usage, "the target is empty", hint: "write `./path:function`")
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let isTree = parts[0] == "..." || parts[0].hasSuffix("/...")
        let place = try Target.place(
            isTree ? String(parts[0].dropLast(4)) : String(parts[0]), of: text, aliases)
        guard parts.count == 2 else {
            self = isTree ? .tree(place) : .module(place)
            return
        }
        let function = String(parts[1])
        guard !isTree, isFunctionName(function) else {
            throw ProjectError(
                .usage, "the target `\(text)` names no function",
                hint: isTree ? "`...` takes every target" : "write `./path:function`")
        }
        self = .function(place, function)
    }

    private static func place(
        _ path: String, of text: String, _ aliases: [String: String]
    ) throws(ProjectError) -> Place {
        if path == "." || path == ".." || path.hasPrefix("./") || path.hasPrefix("../") {
            // Shells complete folders with a slash.
            let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
            guard case .relative(let up, let down) = try name(folder, of: text) else {
                preconditionFailure("a local path was read as a full name")
            }
            return .local(up: up, down: down)
        }
        let parts = path.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        // A host's name has a dot; without one, a path of the project was meant.
        guard parts.count == 2 || path.prefix(while: { $0 != "/" }).contains("."),
            !path.hasPrefix("/")
        else {
            let near = closestMatch(to: text, among: aliases.keys.sorted())
            throw ProjectError(
                .usage, "the target `\(text)` is neither a local path nor a module",
                hint: "did you mean `\(near ?? suggestion(text))`?")
        }
        _ = try name(String(parts[0]), of: text)
        if parts.count == 2, parts[1].isEmpty {
            throw ProjectError(
                .usage, "the target `\(text)` has an empty version", hint: "write `module@1.2.3`")
        }
        return .module(String(parts[0]), version: parts.count == 2 ? String(parts[1]) : nil)
    }

    private static func suggestion(_ text: String) -> String {
        text.hasPrefix("/") ? "." + text : text == "..." ? "./..." : "./" + text
    }

    private static func name(_ path: String, of text: String) throws(ProjectError) -> LoadName {
        do throws(ProjectError) {
            return try LoadName(path)
        } catch {
            throw ProjectError(
                .usage, "the target `\(text)` is not valid: \(error.message)", hint: error.hint)
        }
    }
}

/// Whether a text is an identifier that a module can export.
private func isFunctionName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isXIDStart else { return false }
    return text.unicodeScalars.dropFirst().allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
}
