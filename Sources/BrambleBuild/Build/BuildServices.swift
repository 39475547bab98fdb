package import BrambleModel
package import BrambleStore

/// What a build works with.
package struct BuildServices: Sendable {
    package let store: LocalStore
    package let executor: any Executor
    package let fetcher: Fetcher
    /// Where results of other machines are; nil for nowhere.
    package let substituter: Substituter?
    /// Sees to it that the sources of a derivation are in the store, as the object of a tree.
    package let provideSources: SourceProvider
    /// Called from any thread; what happens to one derivation, in its order.
    package let report: @Sendable (BuildEvent) -> Void

    package init(
        store: LocalStore, executor: any Executor, fetcher: Fetcher, substituter: Substituter?,
        provideSources: @escaping SourceProvider,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.store = store
        self.executor = executor
        self.fetcher = fetcher
        self.substituter = substituter
        self.provideSources = provideSources
        self.report = report
    }
}

/// Sees to it that the sources of a derivation are in the store, as the object of a tree. It is called
/// on threads that may block.
package typealias SourceProvider =
    @Sendable (Derivation, Digest) async throws(StoreError) -> StoreName
