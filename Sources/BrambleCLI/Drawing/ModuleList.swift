import Bramble

/// A module and its functions, for people.
///
/// ```text
/// ./lib: Helpers for C
///   * library()            What is built by default.
///     compile(name, srcs)  One object file.
/// ```
enum ModuleList {
    /// Signatures that are longer do not push the texts behind all others to the right.
    private static let widestSignature = 40

    static func lines(of module: ModuleSummary) -> String {
        var text = module.name + (firstLine(module.documentation).map { ": " + $0 } ?? "") + "\n"
        let signatures = module.functions.map { $0.name + $0.signature }
        let width = signatures.map(\.count).filter { $0 <= widestSignature }.max() ?? 0
        for (function, signature) in zip(module.functions, signatures) {
            text += function.isTarget ? "  * " : "    "
            text += signature
            if let documentation = firstLine(function.documentation) {
                text += String(repeating: " ", count: max(0, width - signature.count) + 2)
                text += documentation
            }
            text += "\n"
        }
        return text
    }

    private static func firstLine(_ documentation: String?) -> String? {
        let lines = documentation?.split(separator: "\n") ?? []
        return lines.lazy.map { $0.trimmingSpaces }.first { !$0.isEmpty }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        let start = drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) }.map(start.index(after:)) ?? start.startIndex
        return String(start[..<end])
    }
}
