import Testing

@testable import BrambleBuild

/// What a schedule says, given what has happened: small graphs, by hand.
@Suite struct BuildScheduleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// For each node, in the order of numbers, what it needs.
        var dependencies: [[Int]]
        var wanted: [Int]
        var durations: [Int: Int] = [:]
        var recalled: Set<Int> = []
        var resolved: Set<Int> = []
        var failing: Set<Int> = []
        var splices: [Int: [[Int]]] = [:]
        /// What is run, in this order, one after the other.
        var starts: [Int]
        /// What nobody has asked for.
        var idle: [Int] = []
        var skipped: [Int] = []
    }

    static let cases = [
        Case(
            testDescription: "one node", dependencies: [[]], wanted: [0], starts: [0]),
        Case(
            testDescription: "nothing wanted", dependencies: [[]], wanted: [], starts: [],
            idle: [0]),
        Case(
            testDescription: "only what is needed", dependencies: [[], [], [0]], wanted: [2],
            starts: [0, 2], idle: [1]),
        Case(
            testDescription: "longest way first", dependencies: [[], [], [0], [1], [2, 3]],
            wanted: [4], durations: [1: 5], starts: [1, 0, 2, 3, 4]),
        Case(
            testDescription: "longest way, far from its start",
            dependencies: [[], [], [0], [1], [2, 3]], wanted: [4], durations: [2: 9],
            starts: [0, 2, 1, 3, 4]),
        Case(
            testDescription: "equals by number", dependencies: [[], [], [], [2, 1, 0]],
            wanted: [3], starts: [0, 1, 2, 3]),
        Case(
            testDescription: "shared by two", dependencies: [[], [0], [0], [1, 2]], wanted: [3],
            starts: [0, 1, 2, 3]),
        Case(
            testDescription: "wanted twice, and needed", dependencies: [[], [0]],
            wanted: [0, 1, 0], starts: [0, 1]),
        Case(
            testDescription: "recalled: what it needs is not looked at",
            dependencies: [[], [0], [1]], wanted: [2], recalled: [2], starts: [], idle: [0, 1]),
        Case(
            testDescription: "recalled in the middle", dependencies: [[], [0], [1]], wanted: [2],
            recalled: [1], starts: [2], idle: [0]),
        Case(
            testDescription: "recalled on one way, needed on another",
            dependencies: [[], [0], [0], [1, 2]], wanted: [3], recalled: [1], starts: [0, 2, 3]),
        Case(
            testDescription: "cut off early", dependencies: [[], [0], [1], [2]], wanted: [3],
            resolved: [1, 2, 3], starts: [0]),
        Case(
            testDescription: "cut off, and on again", dependencies: [[], [0], [1], [2]],
            wanted: [3], resolved: [1], starts: [0, 2, 3]),
        Case(
            testDescription: "failure: what needs it, and only that",
            dependencies: [[], [], [0], [1], [2], [3]], wanted: [4, 5], failing: [0],
            starts: [0, 1, 3, 5], skipped: [2, 4]),
        Case(
            testDescription: "failure that two ways lead to",
            dependencies: [[], [0], [0], [1, 2]], wanted: [3], failing: [0], starts: [0],
            skipped: [2, 1, 3]),
        Case(
            testDescription: "two failures below one", dependencies: [[], [], [0, 1]],
            wanted: [2], failing: [0, 1], starts: [0, 1], skipped: [2]),
        Case(
            testDescription: "spliced", dependencies: [[], [0], [1]], wanted: [2],
            splices: [1: [[], [3]]], starts: [0, 1, 3, 4, 2]),
        Case(
            testDescription: "spliced: the root is known", dependencies: [[], [0]], wanted: [1],
            recalled: [3], splices: [0: [[], [2]]], starts: [0, 1], idle: [2]),
        Case(
            testDescription: "spliced: needs what is done", dependencies: [[], [0], [1]],
            wanted: [2], splices: [1: [[0]]], starts: [0, 1, 3, 2]),
        Case(
            testDescription: "spliced: inside of what was spliced", dependencies: [[], [0]],
            wanted: [1], splices: [0: [[]], 2: [[]]], starts: [0, 2, 3, 1]),
        Case(
            testDescription: "spliced: something in it fails", dependencies: [[], [0]],
            wanted: [1], failing: [2], splices: [0: [[], [2]]], starts: [0, 2],
            skipped: [3, 0, 1]),
        Case(
            testDescription: "spliced: it has failed before", dependencies: [[], [], [1]],
            wanted: [0, 2], durations: [0: 9], failing: [0], splices: [1: [[0]]],
            starts: [0, 1], skipped: [3, 1, 2]),
        Case(
            testDescription: "spliced: as urgent as what waits for it",
            dependencies: [[], [], [0]], wanted: [1, 2], durations: [1: 5, 2: 9],
            splices: [0: [[]]], starts: [0, 3, 2, 1]),
    ]

    @Test(arguments: cases)
    func order(_ testCase: Case) {
        var run = ScheduleRun(testCase.dependencies)
        run.durations = testCase.durations
        run.recalled = testCase.recalled
        run.resolved = testCase.resolved
        run.failing = testCase.failing
        run.splices = testCase.splices
        run.run(testCase.wanted)
        #expect(run.starts == testCase.starts)
        #expect(run.nodes(.idle) == testCase.idle)
        #expect(run.skipped == testCase.skipped)
        #expect(run.nodes(.skipped) == testCase.skipped.sorted())
        #expect(run.nodes(.failed) == testCase.failing.sorted())
        let other = testCase.idle + testCase.skipped + testCase.failing
        #expect(run.nodes(.done).count == run.schedule.count - other.count)
    }

    @Test func eachKindOfWorkHasItsQueue() {
        var schedule = BuildSchedule(queueCount: 2)
        for _ in 0..<4 { schedule.append(dependencies: []) }
        for node in 0..<4 { schedule.want(node) }
        while let step = schedule.nextStep() {
            switch step {
            case .recall(let node): #expect(schedule.recalled(node, isFound: false) == [])
            case .resolve(let node): schedule.resolved(node, isFound: false, queue: node % 2)
            case .adopt: Issue.record("nothing was spliced")
            }
        }
        #expect(schedule.startNext(queue: 1) == 1)
        #expect(schedule.startNext(queue: 0) == 0)
        #expect(schedule.startNext(queue: 0) == 2)
        #expect(schedule.startNext(queue: 0) == nil)
        #expect(schedule.startNext(queue: 1) == 3)
    }

    @Test func whatNeedsWhat() {
        // 3 was spliced, and waits for 4, which needs 1.
        var schedule = BuildSchedule()
        for list in [[], [0], [1], [], [1]] { schedule.append(dependencies: list) }
        schedule.want(3)
        while let step = schedule.nextStep() {
            switch step {
            case .recall(let node): _ = schedule.recalled(node, isFound: false)
            case .resolve(let node): schedule.resolved(node, isFound: false)
            case .adopt: Issue.record("nothing is done")
            }
        }
        #expect(schedule.startNext() == 3)
        #expect(schedule.needs(3, 3))
        #expect(!schedule.needs(3, 4))
        #expect(schedule.splice(3, root: 4) == [])
        #expect(schedule.needs(3, 4) && schedule.needs(3, 1) && schedule.needs(3, 0))
        #expect(schedule.needs(2, 0) && !schedule.needs(0, 2) && !schedule.needs(3, 2))
    }
}
