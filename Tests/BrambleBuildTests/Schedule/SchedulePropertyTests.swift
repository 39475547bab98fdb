import TestKit
import Testing

@testable import BrambleBuild

/// Graphs of random shape, with random outcomes, against what they must come to.
@Suite struct SchedulePropertyTests {
    @Test(arguments: UInt64(1)...300)
    func endsAsItMust(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var run = randomRun(&random)
        let wanted = (0..<run.schedule.count).filter { _ in chance(4, &random) }
        run.willStart = { run, node in
            let inputs = run.schedule.dependencies(of: node)
            #expect(
                inputs.allSatisfy { run.schedule.state(of: $0) == .done }, "\(node) is too early")
        }
        run.random = random
        run.run(wanted)

        let nodes = 0..<run.schedule.count
        let model = ScheduleModel(
            dependencies: nodes.map { run.schedule.dependencies(of: $0) },
            recalled: run.recalled, resolved: run.resolved, failing: run.failing,
            roots: run.roots, wanted: wanted)
        let expected = model.outcome()
        for node in nodes {
            let state = run.schedule.state(of: node)
            if state == .idle, expected[node] != nil {
                // Only those need it that were skipped before they asked for it.
                let hasBeenAskedFor = users(of: node, in: model).contains {
                    ![.skipped, .idle].contains(run.schedule.state(of: $0)) && expected[$0] != nil
                }
                #expect(!hasBeenAskedFor && !wanted.contains(node), "\(node) was forgotten")
            } else {
                #expect(state == expected[node] ?? .idle, "\(node)")
            }
        }
        #expect(Set(run.starts).count == run.starts.count, "something ran twice")
        #expect(Set(run.recalls).count == run.recalls.count, "something was looked for twice")
        #expect(Set(run.skipped).count == run.skipped.count, "something was skipped twice")
        #expect(run.maximumRunning <= run.jobs)
    }

    private func users(of node: Int, in model: ScheduleModel) -> [Int] {
        model.dependencies.indices.filter {
            model.dependencies[$0].contains(node) || model.roots[$0] == node
        }
    }

    private func chance(_ one: Int, _ random: inout SeededRandom) -> Bool {
        Int.random(in: 0..<one, using: &random) == 0
    }

    private func randomRun(_ random: inout SeededRandom) -> ScheduleRun {
        let count = Int.random(in: 1...40, using: &random)
        let dependencies = (0..<count).map { subset(below: $0, &random) }
        var run = ScheduleRun(dependencies)
        // Numbers of nodes that are spliced are known only then; some will be among these.
        let numbers = 0..<count * 2
        let failures = Int.random(in: 2...30, using: &random)
        run.failing = Set(numbers.filter { _ in chance(failures, &random) })
        run.recalled = Set(numbers.filter { _ in chance(8, &random) })
        run.resolved = Set(numbers.filter { _ in chance(8, &random) })
        for node in numbers {
            run.durations[node] = Int.random(in: 0...5, using: &random)
            if chance(6, &random) { run.splices[node] = splice(of: node, count, &random) }
        }
        run.jobs = Int.random(in: 1...5, using: &random)
        return run
    }

    private func subset(below bound: Int, _ random: inout SeededRandom) -> [Int] {
        Set(
            (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
                bound > 0 ? Int.random(in: 0..<bound, using: &random) : nil
            }
        ).sorted()
    }

    /// One or two new nodes that need what has a lower number than the node has, if it is one of the
    /// first graph: so nothing comes to need itself.
    private func splice(
        of node: Int, _ count: Int, _ random: inout SeededRandom
    ) -> [[Int]] {
        (0...Int.random(in: 0...1, using: &random)).map { _ in
            subset(below: node < count ? node : 0, &random)
        }
    }

    /// `needs` against a search that knows all edges.
    @Test(arguments: UInt64(1)...60)
    func needs(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var run = randomRun(&random)
        run.recalled = []
        run.resolved = []
        run.failing = []
        run.random = random
        var checkCount = 0
        run.willStart = { run, node in
            for other in 0..<run.schedule.count {
                #expect(
                    run.schedule.needs(other, node) == reachable(from: other, run).contains(node))
                checkCount += 1
            }
        }
        run.run(Array(0..<run.schedule.count))
        #expect(checkCount >= run.starts.count)
    }

    /// What a node waits for, with itself.
    private func reachable(from node: Int, _ run: ScheduleRun) -> Set<Int> {
        var reached: Set<Int> = [node]
        while true {
            let waiting = reached.filter { run.schedule.state(of: $0) != .done }
            let next = reached.union(waiting.flatMap { run.schedule.dependencies(of: $0) })
                .union(waiting.compactMap { run.roots[$0] })
            if next == reached { return reached }
            reached = next
        }
    }
}
