import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// Builds in which something goes wrong.
@Suite struct FailureTests {
    /// Fails where its name begins with `bad`.
    private static func executor() -> FakeExecutor {
        FakeExecutor { run in
            run.line("building \(run.name)")
            if run.name.hasPrefix("bad") { throw FakeExecutor.failure(run) }
            try await FakeExecutor.writesArguments(run)
        }
    }

    /// `bad` and what needs it, beside what doesn't.
    private static func graph() throws -> [Derivation] {
        let bad = try derivation("bad", ["a"])
        let good = try derivation("good", ["b"])
        let above = try derivation("above", needs: [bad, good])
        let beside = try derivation("beside", needs: [good])
        return [bad, good, above, beside, try derivation("top", needs: [above, beside])]
    }

    @Test(arguments: [false, true])
    func whatNeedsItIsSkipped(keepsGoing: Bool) async throws {
        let fixture = try BuildFixture()
        fixture.options.jobs = 1
        fixture.options.keepsGoing = keepsGoing
        let graph = try FailureTests.graph()
        let built = try await fixture.build(
            graph, wanted: [graph[3], graph[4]], with: FailureTests.executor())
        #expect(!built.outcome.isSuccess)
        #expect(built.outcome.failures.map(\.name.description) == ["bad"])
        try GoldenFile(keepsGoing ? "failure-keeps-going.txt" : "failure.txt")
            .check(built.events.text)
        // What was built is kept.
        let again = FailureTests.executor()
        fixture.options.keepsGoing = true
        _ = try await fixture.build(graph, wanted: [graph[3], graph[4]], with: again)
        #expect(again.takeNames() == (keepsGoing ? ["bad"] : ["bad", "good", "beside"]))
        #expect(try fixture.leftovers() == "")
    }

    @Test func whatRunsIsWaitedFor() async throws {
        let fixture = try BuildFixture()
        let (started, signal) = AsyncStream<Void>.makeStream()
        let bad = try derivation("bad")
        let slow = try derivation("slow", ["x"])
        let never = try derivation("never", needs: [slow])
        // `bad` fails only when `slow` runs; `slow` ends only when `bad` has failed.
        let recorder = EventRecorder()
        let executor = FakeExecutor { run in
            if run.name == "bad" {
                for await _ in started { break }
                throw FakeExecutor.failure(run)
            }
            signal.yield()
            while recorder.all.allSatisfy({ if case .failed = $0 { false } else { true } }) {
                await Task.yield()
            }
            try await FakeExecutor.writesArguments(run)
        }
        let built = try await fixture.build(
            [bad, slow, never], wanted: [bad, never], with: executor, reporting: recorder)
        #expect(built.outcome.output[slow.hash] != nil)
        #expect(built.events.started.sorted() == ["bad", "slow"])
    }

    @Test func recordIsKept() async throws {
        let fixture = try BuildFixture()
        let graph = try FailureTests.graph()
        _ = try await fixture.build(graph, with: FailureTests.executor())
        let record = try #require(try FailureRecord.find(graph[0].hash, in: fixture.store))
        #expect(record.name == graph[0].name)
        #expect(record.failure.message == "cannot build `bad`: it was told to fail")
        #expect(record.failure.status == 1)
        #expect(record.resolved?.args == ["a"])
        var log: [UInt8] = []
        try fixture.store.readBlob(try #require(record.log)) { log += Array($0) }
        #expect(String(decoding: log, as: UTF8.self) == "building bad\n")
        let last = try FailureRecord.find(nil, in: fixture.store)
        #expect(last?.derivation == graph[0].hash)
        #expect(try FailureRecord.find(graph[1].hash, in: fixture.store) == nil)
    }

    struct BadOutput: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What is done in the directory of the output.
        var script: String
    }

    static let badOutputs = [
        BadOutput(testDescription: "fifo", script: "mkfifo a-fifo"),
        BadOutput(testDescription: "placeholder in a name", script: "touch $placeholder"),
    ]

    /// What the store cannot take is a fault of the builder's, and its log is kept.
    @Test(arguments: badOutputs)
    func badOutput(_ testCase: BadOutput) async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a")
        let placeholder = Placeholder(derivation: a.name, output: .standard).storeName
        let executor = FakeExecutor { run in
            run.line("a line")
            let folder = run.directories[.standard] ?? ""
            _ = try ShellCommand(
                folder: folder, environment: ["PATH=/usr/bin:/bin", "placeholder=\(placeholder)"]
            ).run(testCase.script)
        }
        let built = try await fixture.build([a], with: executor)
        let failure = try #require(built.outcome.failures.first).failure
        #expect(failure.reason == .output)
        try GoldenFile("bad-output-\(testCase.testDescription.replacing(" ", with: "-")).txt")
            .check(EventRecorder.text(failure) + "\n")
        let record = try FailureRecord.find(a.hash, in: fixture.store)
        #expect(record?.failure == failure)
        #expect(record?.log != nil)
    }

    @Test func outputsThatReferToEachOther() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a", outputs: ["out", "dev"])
        let executor = FakeExecutor { run in
            for (own, other) in [("out", "dev"), ("dev", "out")] {
                let placeholder = Placeholder(
                    derivation: run.job.resolved.name, output: try OutputName(other))
                try run.write("\(StorePath(placeholder.storeName))", to: "content", in: own)
            }
        }
        let built = try await fixture.build([a], with: executor)
        #expect(
            built.outcome.failures.map { EventRecorder.text($0.failure) } == [
                "output: cannot build `a`: cannot register the outputs of `a`: the outputs `dev`, "
                    + "`out` refer to each other in a circle"
            ])
    }

    @Test func cancelled() async throws {
        let fixture = try BuildFixture()
        let (started, signal) = AsyncStream<Void>.makeStream()
        let a = try derivation("a")
        let b = try derivation("b", needs: [a])
        let c = try derivation("c", needs: [b])
        let executor = FakeExecutor { run in
            guard run.name == "b" else { return try await FakeExecutor.writesArguments(run) }
            try run.write("half", to: "content")
            signal.yield()
            while true {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
        let recorder = EventRecorder()
        let task = Task {
            try await fixture.build([a, b, c], with: executor, reporting: recorder)
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(recorder.started == ["a", "b"])
        #expect(try fixture.leftovers() == "")
        #expect(try FailureRecord.find(b.hash, in: fixture.store) == nil)
        // What was built is there.
        let again = FakeExecutor()
        _ = try await fixture.build([a, b, c], with: again)
        #expect(again.takeNames() == ["b", "c"])
    }
}
