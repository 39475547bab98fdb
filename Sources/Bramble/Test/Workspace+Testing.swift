public import BrambleModel
import BrambleStore
import Synchronization

extension Workspace {
    /// Runs the tests of targets: builds their derivations, all of them whatever fails. A test that
    /// has passed, and whose inputs are as they were, is not run again.
    ///
    /// - Parameters:
    ///   - evaluated: Gets what is to be tested, before that begins.
    ///   - filter: Which tests, by target and by name of the derivation; all if it always says so.
    /// - Throws: As `build`; `nothingMatched` if there are no tests.
    public func test(
        _ targets: [String], in store: Store, _ settings: BuildSettings,
        cancellation: Cancellation = Cancellation(),
        evaluated: @escaping @Sendable (Evaluation) -> Void = { _ in },
        filter: (_ target: String, _ name: DerivationName) -> Bool = { _, _ in true },
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws(BrambleError) -> TestResult {
        let evaluation = try evaluate(targets, cancellation: cancellation)
        evaluated(evaluation)
        let selection = try TestSelection(evaluation, filter)
        guard !selection.tests.isEmpty else {
            throw BrambleError(
                .nothingMatched, "there are no tests in \(targets.joined(separator: " "))",
                hint: "a test is what a function returns by `return test(derivation)`")
        }
        var settings = settings
        settings.keepsGoing = true
        let watch = TestWatch()
        let build = try await build(
            WorkspaceBuild.Request(
                evaluation, wanted: selection.tests.map(\.derivation.hash),
                extra: selection.extra), in: store, settings
        ) { event in
            watch.take(event)
            report(event)
        }
        return TestResult(
            tests: selection.tests.map { test in
                TestResult.Test(
                    target: test.target, name: test.derivation.name,
                    derivation: test.derivation.hash,
                    verdict: verdict(on: test.derivation.hash, build, watch),
                    milliseconds: watch.milliseconds(of: test.derivation.hash))
            })
    }

    private func verdict(
        on hash: DerivationHash, _ build: WorkspaceBuild, _ watch: TestWatch
    ) -> TestResult.Test.Verdict {
        if build.wanted.contains(where: { $0.derivation == hash }) { return .passed }
        if let own = build.result.failures.first(where: { $0.derivation == hash }) {
            let isVerdict = [.builder, .output, .limit].contains(own.failure.reason)
            return isVerdict ? .failed(own.failure) : .notRun(own.failure)
        }
        let cause = build.result.failures.first { $0.derivation == watch.cause(of: hash) }?.failure
        return .notRun(
            cause ?? BuildFailure(.cancelled, "it was stopped before it could run"))
    }
}

/// The tests that are to be run.
private struct TestSelection {
    struct Test {
        let target: String
        let derivation: Derivation
    }

    private(set) var tests: [Test] = []
    /// Derivations that the evaluation does not have: tests with arguments of their own.
    private(set) var extra: [Derivation] = []

    init(
        _ evaluation: Evaluation, _ filter: (String, DerivationName) -> Bool
    ) throws(BrambleError) {
        guard evaluation.functions.contains(where: { !$0.tests.isEmpty }) else { return }
        let graph = try evaluation.graph()
        for function in evaluation.functions {
            for test in function.tests {
                guard let derivation = graph[test.derivation] else {
                    preconditionFailure("a test of a derivation that the graph lacks")
                }
                guard filter(function.target, derivation.name) else { continue }
                let complete = try TestSelection.adding(test.args, to: derivation)
                if complete != derivation { extra.append(complete) }
                tests.append(Test(target: function.target, derivation: complete))
            }
        }
    }

    /// The derivation with more arguments for its builder.
    private static func adding(
        _ arguments: [String], to derivation: Derivation
    ) throws(BrambleError) -> Derivation {
        guard !arguments.isEmpty else { return derivation }
        var fields = derivation.fields
        fields.args += arguments
        let complete = fields
        return try BrambleError.modelling("the test `\(derivation.name)`") {
            () throws(ValidationError) in try Derivation(complete)
        }
    }
}

/// How long tests took, and why others were skipped.
private final class TestWatch: Sendable {
    private let durations = Mutex<[DerivationHash: Int]>([:])
    private let causes = Mutex<[DerivationHash: DerivationHash]>([:])

    func take(_ event: BuildEvent) {
        switch event {
        case .finished(let built, let milliseconds):
            durations.withLock { $0[built.derivation] = milliseconds }
        case .skipped(let derivation, _, let cause):
            causes.withLock { $0[derivation] = cause }
        case .planned, .started, .reused, .joined, .fetched, .logged, .failed, .spliced, .warned,
            .ended:
            break
        }
    }

    func cause(of derivation: DerivationHash) -> DerivationHash? {
        causes.withLock { $0[derivation] }
    }

    func milliseconds(of derivation: DerivationHash) -> Int? {
        durations.withLock { $0[derivation] }
    }
}
