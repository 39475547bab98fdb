import Starlark

/// Finds the names that a text can go on with.
struct NameCompletion {
    /// What is bound or predeclared.
    let names: () -> [String]
    /// The attributes of the value that a dotted name stands for.
    let attributes: ([String]) -> [String]

    /// - Parameter text: What stands before the cursor.
    func callAsFunction(_ text: String) -> Completion {
        let path = NameCompletion.path(endOf: text)
        guard let prefix = path.last else { return Completion(prefixLength: 0, candidates: []) }
        let known = path.count == 1 ? names() : attributes(Array(path.dropLast()))
        // Private names are for those who ask for them.
        let candidates = known.filter { name in
            name.hasPrefix(prefix) && (prefix.hasPrefix("_") || !name.hasPrefix("_"))
        }
        return Completion(
            prefixLength: prefix.count, candidates: Array(Set(candidates)).sorted())
    }

    /// The dotted name that a text ends with; its last part may be empty. Empty if the text ends with
    /// something else, such as `f().x`.
    private static func path(endOf text: String) -> [String] {
        let tail = text.suffix(while: { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
        let path = tail.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isWhole = path.dropLast().allSatisfy { part in
            part.first.map { !$0.isNumber } ?? false
        }
        return isWhole && path.last?.first?.isNumber != true ? path : []
    }
}

extension StringProtocol {
    /// The longest end of the text in which every character fulfils a condition.
    fileprivate func suffix(while condition: (Character) -> Bool) -> SubSequence {
        let start = lastIndex { !condition($0) }.map(index(after:)) ?? startIndex
        return self[start...]
    }
}
