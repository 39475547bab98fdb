/// Nodes that can be started, the most urgent one first: a binary heap.
///
/// Of equally urgent nodes the one with the lower number comes first, so that the order depends on
/// the graph only.
struct ReadyQueue {
    private struct Entry {
        let node: Int
        let priority: Int

        func precedes(_ other: Entry) -> Bool {
            (priority, other.node) > (other.priority, node)
        }
    }

    private var entries: [Entry] = []

    /// Costs O(log n), as does `popFirst`.
    mutating func insert(_ node: Int, priority: Int) {
        entries.append(Entry(node: node, priority: priority))
        var index = entries.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard entries[index].precedes(entries[parent]) else { return }
            entries.swapAt(index, parent)
            index = parent
        }
    }

    mutating func popFirst() -> Int? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        if entries.isEmpty { return first.node }
        entries[0] = last
        siftDown()
        return first.node
    }

    private mutating func siftDown() {
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < entries.count else { return }
            if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
            guard entries[child].precedes(entries[index]) else { return }
            entries.swapAt(index, child)
            index = child
        }
    }
}
