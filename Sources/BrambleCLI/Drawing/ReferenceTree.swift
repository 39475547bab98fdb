import Bramble
import BrambleModel

/// Objects as a tree: below each what it refers to. `(*)` marks one that stands further up with
/// all that it needs.
enum ReferenceTree {
    /// What is still to be drawn. A stack of its own: there may be more levels than the native one
    /// has room for.
    private struct Entry {
        let name: StoreName
        let prefix: String
        let branch: String
    }

    static func draw(
        _ root: StoreName,
        references: (StoreName) throws(BrambleError) -> [StoreName],
        _ write: (String) -> Void
    ) throws(BrambleError) {
        var drawn: Set<StoreName> = []
        var stack = [Entry(name: root, prefix: "", branch: "")]
        while let entry = stack.popLast() {
            let children = try references(entry.name)
            let isRepeated = !drawn.insert(entry.name).inserted && !children.isEmpty
            write("\(entry.prefix)\(entry.branch)\(entry.name)\(isRepeated ? " (*)" : "")\n")
            if isRepeated { continue }
            let bars = ["": "", "├── ": "│   "][entry.branch] ?? "    "
            for (number, child) in children.enumerated().reversed() {
                stack.append(
                    Entry(
                        name: child, prefix: entry.prefix + bars,
                        branch: number == children.count - 1 ? "└── " : "├── "))
            }
        }
    }
}
