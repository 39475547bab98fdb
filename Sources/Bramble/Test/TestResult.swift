public import BrambleModel

/// What came of the tests of some targets.
public struct TestResult: Sendable {
    public struct Test: Sendable {
        /// How it ended.
        public enum Verdict: Sendable {
            case passed
            case failed(BuildFailure)
            /// Something that it needs could not be built, or it was stopped.
            case notRun(BuildFailure)
        }

        /// The target that has it, and the name of its derivation.
        public let target: String
        public let name: DerivationName
        public let derivation: DerivationHash
        public let verdict: Verdict
        /// How long it ran; nil if it was known from before, or did not run.
        public let milliseconds: Int?
    }

    /// In the order of the targets.
    public let tests: [Test]

    public var passedCount: Int {
        tests.count { if case .passed = $0.verdict { true } else { false } }
    }
}
