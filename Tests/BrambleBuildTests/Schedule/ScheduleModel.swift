@testable import BrambleBuild

/// What a build must come to, computed the plain way: from the graph as it was in the end, from all
/// that is known beforehand, and from what was spliced.
struct ScheduleModel {
    let dependencies: [[Int]]
    let recalled: Set<Int>
    let resolved: Set<Int>
    let failing: Set<Int>
    /// For each node that was spliced, its root.
    let roots: [Int: Int]
    let wanted: [Int]

    /// Nodes that somebody asks for, and how each of them ends.
    func outcome() -> [Int: BuildSchedule.State] {
        var states: [Int: BuildSchedule.State] = [:]
        for node in wanted { visit(node, &states) }
        return states
    }

    @discardableResult
    private func visit(
        _ node: Int, _ states: inout [Int: BuildSchedule.State]
    ) -> BuildSchedule.State {
        if let known = states[node] { return known }
        let state = end(of: node, &states)
        states[node] = state
        return state
    }

    private func end(
        of node: Int, _ states: inout [Int: BuildSchedule.State]
    ) -> BuildSchedule.State {
        if recalled.contains(node) { return .done }
        var isReady = true
        for dependency in dependencies[node] {
            isReady = visit(dependency, &states) == .done && isReady
        }
        if !isReady { return .skipped }
        if resolved.contains(node) { return .done }
        if failing.contains(node) { return .failed }
        guard let root = roots[node] else { return .done }
        return visit(root, &states) == .done ? .done : .skipped
    }
}
