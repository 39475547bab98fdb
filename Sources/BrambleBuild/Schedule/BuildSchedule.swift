/// What to do next in a build: a value that is told what happened, and says what follows. It knows
/// nodes by number, and nothing of what they are.
///
/// A node goes through this:
///
///     idle ─want─▶ recalling ─▶ waiting ─▶ resolving ─▶ queued ─▶ running ─▶ done
///
/// 1. It is *wanted*: by who asked for the build, or by a node that needs it.
/// 2. It is looked for by its recipe and its sources (`recall`). Found, it is done, and what it
///    needs is never looked at.
/// 3. Otherwise what it needs is wanted, and it waits for that.
/// 4. With all that it needs done, it is looked for by what goes into it (`resolve`); this is where
///    builds are cut off early.
/// 5. Otherwise it is queued, by the time that the longest path from it to what is wanted will take:
///    that path is what the whole build takes at least.
///
/// Nothing is touched but what becomes ready, so that a step costs as many edges as end or begin
/// there. A node that failed takes those that need it along, as skipped.
struct BuildSchedule {
    /// A look-up to be made, now.
    enum Step: Hashable {
        /// Look for the node by its recipe; then call `recalled`.
        case recall(Int)
        /// Look for the node by its inputs, which are all done; then call `resolved`.
        case resolve(Int)
        /// The node has the result of another one, which is done; then call `finish`.
        case adopt(Int, from: Int)
    }

    enum State: Hashable {
        case idle, recalling, waiting, resolving, queued, running, done, failed, skipped
    }

    private struct Node {
        let dependencies: [Int]
        var state = State.idle
        /// Those that wait for it.
        var dependents: [Int] = []
        /// How many of its dependencies are not done.
        var pendingCount = 0
        var priority = 0
        /// The node whose result it takes; nil unless it was spliced.
        var source: Int?
    }

    private var nodes: [Node] = []
    private var steps: [Step] = []
    private var queues: [ReadyQueue]

    /// - Parameter queueCount: How many kinds of work there are, each with slots of its own.
    init(queueCount: Int = 1) {
        queues = Array(repeating: ReadyQueue(), count: queueCount)
    }

    var count: Int { nodes.count }

    func state(of node: Int) -> State { nodes[node].state }

    func dependencies(of node: Int) -> [Int] { nodes[node].dependencies }

    // MARK: Nodes

    /// Adds a node, whose number is one more than the last one's.
    ///
    /// - Precondition: What it needs was added before.
    mutating func append(dependencies: [Int]) {
        precondition(dependencies.allSatisfy(nodes.indices.contains), "a node before its inputs")
        nodes.append(Node(dependencies: dependencies))
    }

    /// Gives nodes that were added together their urgency.
    ///
    /// - Parameters:
    ///   - range: Their numbers. What they need among them has lower numbers.
    ///   - tail: What is to be done behind those that nothing among them needs.
    ///   - duration: How long a node takes, in any unit.
    mutating func prioritise(_ range: Range<Int>, tail: Int = 0, duration: (Int) -> Int) {
        for node in range.reversed() {
            nodes[node].priority = max(nodes[node].priority, tail) + duration(node)
            for dependency in nodes[node].dependencies where range.contains(dependency) {
                nodes[dependency].priority = max(
                    nodes[dependency].priority, nodes[node].priority)
            }
        }
    }

    func priority(of node: Int) -> Int { nodes[node].priority }

    mutating func want(_ node: Int) {
        guard nodes[node].state == .idle else { return }
        nodes[node].state = .recalling
        steps.append(.recall(node))
    }

    // MARK: Looking up

    /// The next look-up; nil if there is none until something else happens.
    mutating func nextStep() -> Step? { steps.popLast() }

    /// - Returns: What is skipped, because something that it needs has failed.
    mutating func recalled(_ node: Int, isFound: Bool) -> [Int] {
        expect(node, .recalling)
        guard !isFound else {
            complete(node)
            return []
        }
        nodes[node].state = .waiting
        return wait(node, for: nodes[node].dependencies)
    }

    private mutating func wait(_ node: Int, for dependencies: [Int]) -> [Int] {
        // What can't be built needs nothing any more.
        if dependencies.contains(where: { [.failed, .skipped].contains(nodes[$0].state) }) {
            return [node] + skip(node)
        }
        for dependency in dependencies {
            switch nodes[dependency].state {
            case .done, .failed, .skipped: continue
            case .idle, .recalling, .waiting, .resolving, .queued, .running:
                nodes[dependency].dependents.append(node)
                nodes[node].pendingCount += 1
                want(dependency)
            }
        }
        if nodes[node].pendingCount == 0 { proceed(node) }
        return []
    }

    private mutating func proceed(_ node: Int) {
        nodes[node].state = .resolving
        if let source = nodes[node].source {
            steps.append(.adopt(node, from: source))
        } else {
            steps.append(.resolve(node))
        }
    }

    /// - Parameter queue: Which kind of work it is, if it was not found.
    mutating func resolved(_ node: Int, isFound: Bool, queue: Int = 0) {
        expect(node, .resolving)
        guard !isFound else { return complete(node) }
        nodes[node].state = .queued
        queues[queue].insert(node, priority: nodes[node].priority)
    }

    // MARK: Working

    /// The most urgent node of a kind of work, which is running from here on.
    mutating func startNext(queue: Int = 0) -> Int? {
        while let node = queues[queue].popFirst() {
            guard nodes[node].state == .queued else { continue }
            nodes[node].state = .running
            return node
        }
        return nil
    }

    /// The node is done, by its own work or by another one's.
    mutating func finish(_ node: Int) {
        precondition([.running, .resolving].contains(nodes[node].state), "a node that did not run")
        complete(node)
    }

    private mutating func complete(_ node: Int) {
        nodes[node].state = .done
        let dependents = nodes[node].dependents
        nodes[node].dependents = []
        for dependent in dependents {
            nodes[dependent].pendingCount -= 1
            if nodes[dependent].pendingCount == 0, nodes[dependent].state == .waiting {
                proceed(dependent)
            }
        }
    }

    /// The node's work has failed, or its look-up.
    ///
    /// - Returns: Those that need it, directly or not: they are skipped.
    mutating func fail(_ node: Int) -> [Int] {
        nodes[node].state = .failed
        return skipDependents(of: node)
    }

    private mutating func skip(_ node: Int) -> [Int] {
        nodes[node].state = .skipped
        return skipDependents(of: node)
    }

    private mutating func skipDependents(of failed: Int) -> [Int] {
        var skipped: [Int] = []
        var pending = [failed]
        while let node = pending.popLast() {
            for dependent in nodes[node].dependents where nodes[dependent].state == .waiting {
                nodes[dependent].state = .skipped
                skipped.append(dependent)
                pending.append(dependent)
            }
            nodes[node].dependents = []
        }
        return skipped
    }

    // MARK: Splicing

    /// The node's work has yielded a graph: it now waits for another node, and takes its result.
    ///
    /// - Returns: As `recalled`.
    mutating func splice(_ node: Int, root: Int) -> [Int] {
        precondition(nodes[node].state == .running || nodes[node].state == .resolving)
        precondition(!needs(root, node), "a node would wait for itself")
        nodes[node].state = .waiting
        nodes[node].source = root
        return wait(node, for: [root])
    }

    /// Whether a node needs another one that is not done, directly or not, or is it.
    func needs(_ node: Int, _ other: Int) -> Bool {
        var seen: Set<Int> = []
        var pending = [node]
        while let next = pending.popLast() {
            if next == other { return true }
            guard nodes[next].state != .done, seen.insert(next).inserted else { continue }
            pending += nodes[next].dependencies
            if let source = nodes[next].source { pending.append(source) }
        }
        return false
    }

    private func expect(_ node: Int, _ state: State) {
        precondition(nodes[node].state == state, "node \(node) is \(nodes[node].state)")
    }
}
