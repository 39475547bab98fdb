internal import BrambleModel

/// What some objects refer to, directly or not.
struct ReferenceGraph {
    /// Sorted, for each object that the store has.
    private(set) var references: [StoreName: [StoreName]] = [:]
    /// What is referred to and not there, or damaged: sorted.
    private(set) var missing: [StoreName] = []

    /// - Parameter names: Where to begin.
    init(from names: [StoreName], _ database: Database) throws {
        let find = "SELECT id FROM objects WHERE name = ? AND state <> 2"
        let follow =
            "SELECT reference FROM object_references WHERE referrer = ? ORDER BY reference"
        var pending = names
        var absent: Set<StoreName> = []
        while let name = pending.popLast() {
            guard references[name] == nil, !absent.contains(name) else { continue }
            guard let id = try database.integer(find, [name.description]) else {
                absent.insert(name)
                continue
            }
            let found = try database.all(follow, [id]) { try StoreName($0.text(0)) }
            references[name] = found
            pending += found
        }
        missing = absent.sorted()
    }

    /// All objects, each behind those that it refers to; the order depends on the graph only.
    ///
    /// - Parameter names: Where to begin.
    func ordered(from names: [StoreName]) -> [StoreName] {
        var order: [StoreName] = []
        var seen: Set<StoreName> = []
        // An object is on the stack twice: to visit what it refers to, and to come after that.
        var stack = Set(names).sorted().reversed().map { (name: $0, isVisited: false) }
        while let (name, isVisited) = stack.popLast() {
            if isVisited {
                order.append(name)
                continue
            }
            guard seen.insert(name).inserted, let targets = references[name] else { continue }
            stack.append((name, true))
            for target in targets.reversed() where !seen.contains(target) {
                stack.append((target, false))
            }
        }
        return order
    }
}
