/// How to build, as far as it makes no difference for what comes out.
package struct BuildOptions: Sendable {
    /// How many builders may run at once.
    package var jobs: Int
    /// How many fetches may run at once, beside the builders: they wait for others' machines.
    package var fetchJobs = 8
    /// Whether to go on with what does not need what has failed.
    package var keepsGoing = false
    package var limits = BuildLimits()
    /// Whether to build what is wanted even if it is there.
    package var rebuilds = false
    /// How many times to build again what is wanted, under other circumstances, to compare.
    package var checks = 0

    /// Questions to other machines that are under way at once: each is small, and waits.
    static let askingLimit = 32
    /// Results that are on their way to other machines at once.
    static let uploadLimit = 4

    /// Threads for builders that other machines run are for what is done before and after.
    static let maximumThreads = 64

    /// Whether only to look what would have to be built.
    package var isDryRun = false

    package init(jobs: Int) {
        precondition(jobs > 0, "a build without builders")
        self.jobs = jobs
    }

    /// What a derivation counts that was never built, in milliseconds: a second, as most compile
    /// something.
    static let unknownMilliseconds = 1_000

    /// How deep derivations may make derivations (DESIGN, "Derivations").
    static let maximumDepth = 16
}
