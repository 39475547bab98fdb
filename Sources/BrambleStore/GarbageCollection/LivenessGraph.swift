internal import BrambleModel

/// Decides what goes: a pure value, made from one look at the index.
struct LivenessGraph {
    struct Node {
        let object: StoredObject
        /// Seconds since 1970.
        let usedAt: Int
        let references: [StoreName]
    }

    let nodes: [StoreName: Node]
    /// Needed whatever happens, with all that they refer to.
    let pinned: Set<StoreName>

    /// What may be removed, none before what refers to it.
    ///
    /// - Parameters:
    ///   - oldest: What was used then or later stays, unless size is at stake.
    ///   - maximumSizeBytes: How much may stay; nil for any.
    func garbage(usedBefore oldest: Int, maximumSizeBytes: Int?) -> [StoredObject] {
        let needed = closure(of: pinned)
        let recent = nodes.filter { $0.value.usedAt >= oldest }.map(\.key)
        var live = needed.union(closure(of: Set(recent)))
        if let maximumSizeBytes { shrink(&live, needed, to: maximumSizeBytes) }
        return ordered(Set(nodes.keys).subtracting(live))
    }

    /// Takes the least recently used objects out, and with each what refers to it.
    private func shrink(
        _ live: inout Set<StoreName>, _ needed: Set<StoreName>, to maximumSizeBytes: Int
    ) {
        var size = live.reduce(0) { $0 + (nodes[$1]?.object.sizeBytes ?? 0) }
        // Behind all that refer to it, an object knows when it was last used as a part of them.
        let candidates = ordered(live.subtracting(needed))
        let uses = lastUses(candidates)
        let order = candidates.enumerated().sorted {
            (uses[$0.element.name] ?? 0, $0.offset) < (uses[$1.element.name] ?? 0, $1.offset)
        }
        for (_, object) in order {
            guard size > maximumSizeBytes else { return }
            live.remove(object.name)
            size -= object.sizeBytes
        }
    }

    /// When each object was last used, itself or as part of one that refers to it. So none has a
    /// later time than what it refers to.
    private func lastUses(_ referrersFirst: [StoredObject]) -> [StoreName: Int] {
        var uses: [StoreName: Int] = [:]
        for object in referrersFirst {
            guard let node = nodes[object.name] else { continue }
            let last = max(uses[object.name] ?? 0, node.usedAt)
            uses[object.name] = last
            for reference in node.references {
                uses[reference] = max(uses[reference] ?? 0, last)
            }
        }
        return uses
    }

    private func closure(of names: Set<StoreName>) -> Set<StoreName> {
        var closure: Set<StoreName> = []
        var pending = Array(names)
        while let name = pending.popLast() {
            guard let node = nodes[name], closure.insert(name).inserted else { continue }
            pending += node.references
        }
        return closure
    }

    /// Each before what it refers to; the order depends on the graph only.
    private func ordered(_ members: Set<StoreName>) -> [StoredObject] {
        var order: [StoredObject] = []
        var seen: Set<StoreName> = []
        var stack = members.sorted().map { (name: $0, isVisited: false) }
        while let (name, isVisited) = stack.popLast() {
            guard let node = nodes[name] else { continue }
            if isVisited {
                order.append(node.object)
                continue
            }
            guard seen.insert(name).inserted else { continue }
            stack.append((name, true))
            for reference in node.references where members.contains(reference) {
                stack.append((reference, false))
            }
        }
        return order.reversed()
    }
}
