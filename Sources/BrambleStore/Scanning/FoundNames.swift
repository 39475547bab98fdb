internal import BrambleModel

/// Which names stand in a file, and where, as far as that matters.
struct FoundNames: Sendable {
    /// Numbers of names that were found.
    private(set) var numbers: Set<Int> = []
    /// Of names that will be replaced: where each stands, lowest offsets first.
    private(set) var offsets: [Int: [Int]] = [:]

    var isEmpty: Bool { numbers.isEmpty }

    /// Whether nothing in the file has to be replaced.
    var isSettled: Bool { offsets.isEmpty }

    mutating func add(_ name: Int, at offset: Int, isReplaced: Bool) {
        numbers.insert(name)
        if isReplaced { offsets[name, default: []].append(offset) }
    }

    mutating func formUnion(_ other: FoundNames) {
        numbers.formUnion(other.numbers)
    }
}
