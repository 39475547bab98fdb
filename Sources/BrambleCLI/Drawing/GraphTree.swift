import BrambleModel

/// A graph as a tree for people: roots at the margin, below each derivation what it refers to.
///
/// ```text
/// greet rh2dtmjr5vzgwhi2ms6upw26wpu7lior
/// ├── busybox ir6dlhabig5g3gh5egp23ozr276zqc7j
/// └── words 5n7k… (doc)
/// ```
///
/// Behind a derivation stand the outputs that are meant, unless it is the first one alone; `(*)`
/// marks one whose dependencies stand further up, `…` one whose dependencies are left out.
struct GraphTree {
    let graph: DerivationGraph
    /// Roots have depth 0; what lies below this depth is left out.
    let maximumDepth: Int

    /// What is still to be drawn. A stack of its own: graphs may be deeper than the native one.
    private struct Entry {
        var index: Int
        var depth: Int
        /// What stands before the branch: bars for ancestors that have further children.
        var prefix: String
        var isLast: Bool
        var outputs: [OutputName]
    }

    /// Draws line by line; a line ends with a line feed.
    func draw(_ write: (String) -> Void) {
        var drawn = [Bool](repeating: false, count: graph.derivations.count)
        var stack: [Entry] = []
        let roots = graph.roots.compactMap { graph.index(of: $0) }
        for index in inOrder(roots).reversed() {
            stack.append(Entry(index: index, depth: 0, prefix: "", isLast: true, outputs: []))
        }
        while let entry = stack.popLast() {
            let children = inOrder(graph.dependencies(of: entry.index))
            let isRepeated = drawn[entry.index] && !children.isEmpty
            let isCut = entry.depth >= maximumDepth && !children.isEmpty
            write(line(entry) + (isRepeated ? " (*)" : isCut ? " …" : "") + "\n")
            if isRepeated || isCut { continue }
            drawn[entry.index] = true
            let prefix =
                entry.depth == 0 ? "" : entry.prefix + (entry.isLast ? "    " : "│   ")
            for (number, child) in children.enumerated().reversed() {
                stack.append(
                    Entry(
                        index: child, depth: entry.depth + 1, prefix: prefix,
                        isLast: number == children.count - 1,
                        outputs: outputs(of: child, for: entry.index)))
            }
        }
    }

    /// Sorted by name, then by hash: hashes alone would be no order to a reader.
    private func inOrder(_ indices: [Int]) -> [Int] {
        indices.sorted { left, right in
            let (left, right) = (graph.derivations[left], graph.derivations[right])
            return left.name == right.name
                ? left.hash < right.hash : left.name.description < right.name.description
        }
    }

    private func line(_ entry: Entry) -> String {
        let derivation = graph.derivations[entry.index]
        let branch = entry.depth == 0 ? "" : entry.isLast ? "└── " : "├── "
        let names = entry.outputs.map(\.description).joined(separator: ", ")
        let isPlain = names.isEmpty || entry.outputs == [derivation.outputs[0]]
        return entry.prefix + branch + "\(derivation.name) \(derivation.hash)"
            + (isPlain ? "" : " (\(names))")
    }

    /// The outputs of `dependency` that a derivation refers to.
    private func outputs(of dependency: Int, for index: Int) -> [OutputName] {
        let hash = graph.derivations[dependency].hash
        return graph.derivations[index].references
            .filter { $0.derivation == hash }.map(\.output)
    }
}
