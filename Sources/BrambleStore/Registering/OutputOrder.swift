internal import BrambleModel

/// Outputs of one derivation, each behind those it refers to.
struct OutputOrder {
    private(set) var numbers: [Int] = []

    /// - Parameter uses: For each output the numbers of those it refers to; itself does not count.
    /// - Throws: `cycle`.
    init(uses: [Set<Int>], _ outputs: [OutputName]) throws(StoreError) {
        var waiting = Array(uses.indices)
        while !waiting.isEmpty {
            let done = Set(numbers)
            guard
                let next = waiting.firstIndex(where: { number in
                    uses[number].subtracting([number]).isSubset(of: done)
                })
            else {
                let names = waiting.map { "`\(outputs[$0])`" }.joined(separator: ", ")
                throw StoreError(
                    .cycle, "the outputs \(names) refer to each other in a circle")
            }
            numbers.append(waiting.remove(at: next))
        }
    }
}
