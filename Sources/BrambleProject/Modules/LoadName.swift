import BrambleModel

/// What a `load("…")` says, before it is looked up.
package enum LoadName: Hashable, Sendable {
    /// `./x` or `../x`, from the folder of the module that loads: how many folders up, then down.
    case relative(up: Int, down: [String])
    /// `github.com/x/y/lib`.
    case full(String)

    /// - Throws: What is wrong with the name, with the remedy.
    package init(_ text: String) throws(ProjectError) {
        if text.hasSuffix(".bramble") {
            throw ProjectError(
                .configuration, "the module name `\(text)` ends in `.bramble`",
                hint: "write `\(text.dropLast(".bramble".count))`")
        }
        guard text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".." else {
            if let reason = moduleNameFault(text) {
                throw ProjectError(
                    .configuration, "the module name `\(text)` \(reason)",
                    hint: "write `./lib/name` for a module of this project, "
                        + "or `github.com/owner/name/lib` for one of another")
            }
            self = .full(text)
            return
        }
        var up = 0
        var down: [String] = []
        for component in text.split(separator: "/", omittingEmptySubsequences: false) {
            if component == "." && down.isEmpty { continue }
            if component == ".." && down.isEmpty {
                up += 1
            } else {
                down.append(String(component))
            }
        }
        if !down.isEmpty, let reason = moduleNameFault(down.joined(separator: "/")) {
            throw ProjectError(
                .configuration, "the module name `\(text)` \(reason)",
                hint: "`..` stands at the start only")
        }
        self = .relative(up: up, down: down)
    }
}
