package import BrambleModel
package import BrambleStore

/// A whole build as one machine asks another for it.
package struct BuildOrder: Sendable {
    /// How to build, as far as that is for whoever asks to say; the rest is up to who builds.
    package struct Wishes: Hashable, Sendable {
        /// Whether to go on with what does not need what has failed.
        package var keepsGoing = false
        /// Whether to build what is wanted even if it is there.
        package var rebuilds = false
        /// How many times to build again what is wanted, to compare.
        package var checks = 0
        /// Whether the network must not be used.
        package var isOffline = false
        package var limits = BuildLimits()

        package init() {}
    }

    package let input: BuildInput
    package let wishes: Wishes
    /// Called from any thread; what happens to one derivation, in its order.
    package let report: @Sendable (BuildEvent) -> Void

    package init(
        _ input: BuildInput, _ wishes: Wishes, report: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.input = input
        self.wishes = wishes
        self.report = report
    }
}

/// Builds what other machines ask for: given to a server by who knows how this machine builds.
package struct BuildHost: Sendable {
    /// Builds all that is ordered, into the store that it is given.
    ///
    /// - Throws: `BuildFailure` if there can be no build at all; `CancellationError`.
    package typealias Building =
        @Sendable (BuildOrder, LocalStore, @escaping SourceProvider) async throws -> BuildOutcome

    /// Where results are: each build opens it once more, so that it keeps what the build needs and no longer.
    package let store: LocalStore
    /// How much the store may have, before what was used least is removed; nil if that is for others to see to.
    package let maximumStoreBytes: Int?
    package let build: Building

    package init(store: LocalStore, maximumStoreBytes: Int? = nil, build: @escaping Building) {
        self.store = store
        self.maximumStoreBytes = maximumStoreBytes
        self.build = build
    }
}

/// Has another machine build, and takes the results into this one's store. The sources of the
/// order's input are where the trees say.
package typealias BuildingElsewhere =
    @Sendable (BuildOrder, [SourceTree]) async throws -> BuildOutcome
