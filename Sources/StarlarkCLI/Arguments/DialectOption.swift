import SourceDiagnostics
import Starlark

/// A word of `--dialect`.
enum DialectOption: String, CaseIterable {
    case standard
    case all
    case recursion
    case `while`
    case topLevelControl = "top-level-control"
    case globalReassignment = "global-reassignment"

    /// What it allows, in a few words.
    var summary: String {
        switch self {
        case .standard: "the language of the specification; the default for files"
        case .all: "everything below"
        case .recursion: "functions may call themselves"
        case .while: "`while` statements"
        case .topLevelControl: "`if`, `for` and `while` outside functions"
        case .globalReassignment: "global names may be assigned again"
        }
    }

    func apply(to dialect: inout Dialect) {
        switch self {
        case .standard: dialect = .standard
        case .all: dialect = .all
        case .recursion: dialect.allowsRecursion = true
        case .while: dialect.allowsWhile = true
        case .topLevelControl: dialect.allowsTopLevelControl = true
        case .globalReassignment: dialect.allowsGlobalReassignment = true
        }
    }

    /// What is wrong with the words.
    struct UnknownOption: Error, CustomStringConvertible {
        let word: String

        var description: String {
            let names = DialectOption.allCases.map(\.rawValue)
            guard let meant = closestMatch(to: word, among: names) else {
                return "unknown dialect option `\(word)`; "
                    + "`starlark --dialect help` lists the options"
            }
            return "unknown dialect option `\(word)`; did you mean `\(meant)`?"
        }
    }

    /// The dialect that comma-separated words describe, from left to right.
    static func dialect(_ words: String) throws(UnknownOption) -> Dialect {
        var dialect = Dialect.standard
        for word in words.split(separator: ",", omittingEmptySubsequences: false) {
            guard let option = DialectOption(rawValue: String(word)) else {
                throw UnknownOption(word: String(word))
            }
            option.apply(to: &dialect)
        }
        return dialect
    }

    /// The list that `--dialect help` prints.
    static var help: String {
        let width = (allCases.map(\.rawValue.count).max() ?? 0) + 2
        let rows = allCases.map { option in
            let name = option.rawValue
            return "  " + name + String(repeating: " ", count: width - name.count) + option.summary
        }
        return "Dialect options, to be joined by commas:\n" + rows.joined(separator: "\n") + "\n"
    }
}
