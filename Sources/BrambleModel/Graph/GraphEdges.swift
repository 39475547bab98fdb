/// Which derivation needs which, by number: all targets in one list, those of one after those of
/// the one before it. 4 bytes an edge, and no allocation for each derivation.
struct GraphEdges: Sendable {
    private var targets: [Int32] = []
    /// Where the targets of each derivation end in the list.
    private var ends: [Int32] = []

    var count: Int { ends.count }

    /// Takes in a target of the next derivation; equal ones stand together, and count once.
    mutating func append(target: Int32) {
        let isFirst = targets.count == Int(ends.last ?? 0)
        if isFirst || targets.last != target { targets.append(target) }
    }

    /// The next derivation has no more targets.
    mutating func finish() {
        ends.append(Int32(targets.count))
    }

    func targets(of index: Int) -> ArraySlice<Int32> {
        targets[range(of: index)]
    }

    private func range(of index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    /// Orders derivations so that each comes after those it needs, by a search in depth that keeps
    /// its own stack: a chain of a million derivations is valid.
    ///
    /// - Returns: The order, and for each reference that closes a cycle the derivations of the
    ///   cycle, each needing the next one and the last one the first.
    func order(cycleLimit: Int) -> (order: [Int32], cycles: [[Int32]]) {
        enum State: UInt8 { case new, open, done }
        var states = [State](repeating: .new, count: count)
        var order: [Int32] = []
        order.reserveCapacity(count)
        var cycles: [[Int32]] = []
        /// The derivations that are open, each needing the next, and how far its targets were seen.
        var path: [(node: Int32, next: Int)] = []
        for start in 0..<count where states[start] == .new {
            path.append((Int32(start), range(of: start).lowerBound))
            states[start] = .open
            while let (node, next) = path.last {
                guard next < range(of: Int(node)).upperBound else {
                    states[Int(node)] = .done
                    order.append(node)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = targets[next]
                switch states[Int(target)] {
                case .new:
                    states[Int(target)] = .open
                    path.append((target, range(of: Int(target)).lowerBound))
                case .open where cycles.count < cycleLimit:
                    let first = path.lastIndex { $0.node == target } ?? 0
                    cycles.append(path[first...].map(\.node))
                case .open, .done: break
                }
            }
        }
        return (order, cycles)
    }
}
