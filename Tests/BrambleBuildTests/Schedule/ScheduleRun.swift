import TestKit

@testable import BrambleBuild

/// Drives a schedule as a build does, with the answers that a test has given, and writes down what
/// happens.
struct ScheduleRun {
    var schedule = BuildSchedule()
    /// Nodes that are found by their recipes.
    var recalled: Set<Int> = []
    /// Nodes that are found by their inputs.
    var resolved: Set<Int> = []
    var failing: Set<Int> = []
    /// What nodes yield that are to be spliced: for each new node what it needs; the last is the root.
    var splices: [Int: [[Int]]] = [:]
    var jobs = 1
    var durations: [Int: Int] = [:]
    /// Which of the running nodes ends next; the first one without it.
    var random: SeededRandom?
    /// Called before a node starts.
    var willStart: (ScheduleRun, Int) -> Void = { _, _ in }

    private(set) var recalls: [Int] = []
    private(set) var starts: [Int] = []
    private(set) var skipped: [Int] = []
    /// For each node that was spliced, its root.
    private(set) var roots: [Int: Int] = [:]
    private(set) var maximumRunning = 0
    private var running: [Int] = []

    init(_ dependencies: [[Int]]) {
        for list in dependencies { schedule.append(dependencies: list) }
    }

    /// Runs until nothing is left to do.
    mutating func run(_ wanted: [Int]) {
        schedule.prioritise(0..<schedule.count, duration: duration)
        for node in wanted { schedule.want(node) }
        lookUp()
        while true {
            while running.count < jobs, let node = schedule.startNext() {
                willStart(self, node)
                starts.append(node)
                running.append(node)
            }
            maximumRunning = max(maximumRunning, running.count)
            guard !running.isEmpty else { return }
            end(running.remove(at: nextToEnd()))
            lookUp()
        }
    }

    private func duration(_ node: Int) -> Int { durations[node] ?? 1 }

    private mutating func nextToEnd() -> Int {
        guard var random else { return 0 }
        defer { self.random = random }
        return Int.random(in: running.indices, using: &random)
    }

    private mutating func end(_ node: Int) {
        if failing.contains(node) {
            skipped += schedule.fail(node)
        } else if let graph = splices[node] {
            splice(node, graph)
        } else {
            schedule.finish(node)
        }
    }

    private mutating func splice(_ node: Int, _ graph: [[Int]]) {
        let first = schedule.count
        for list in graph { schedule.append(dependencies: list) }
        schedule.prioritise(
            first..<schedule.count, tail: schedule.priority(of: node), duration: duration)
        roots[node] = schedule.count - 1
        skipped += schedule.splice(node, root: schedule.count - 1)
    }

    private mutating func lookUp() {
        while let step = schedule.nextStep() {
            switch step {
            case .recall(let node):
                recalls.append(node)
                skipped += schedule.recalled(node, isFound: recalled.contains(node))
            case .resolve(let node):
                schedule.resolved(node, isFound: resolved.contains(node))
            case .adopt(let node, let source):
                precondition(schedule.state(of: source) == .done, "a result that is not there")
                schedule.finish(node)
            }
        }
    }

    /// The nodes in a state, in their order.
    func nodes(_ state: BuildSchedule.State) -> [Int] {
        (0..<schedule.count).filter { schedule.state(of: $0) == state }
    }
}
