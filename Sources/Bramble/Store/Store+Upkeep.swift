public import BrambleModel
import BrambleStore

extension Store {
    /// What a collection has removed, or would.
    public struct CollectionResult: Sendable {
        public let objects: [StoreName]
        /// Contents that no object has any more.
        public let blobCount: Int
        /// What the disk has got back; of a dry run, what the objects have together.
        public let freedBytes: Int
        /// Left over from processes that were killed.
        public let leftoverCount: Int
    }

    /// Removes what nothing needs any more: no target of a project as it was last built, no link of
    /// `build -o`, no build that is going on.
    ///
    /// - Parameters:
    ///   - keepSeconds: What was used within that time is kept anyway.
    ///   - maximumSizeBytes: What was used within that time goes too, the least recently used first,
    ///     until what is left is no larger; nil for no limit.
    public func collectGarbage(
        keepSeconds: Int, maximumSizeBytes: Int?, isDryRun: Bool
    ) throws(BrambleError) -> CollectionResult {
        let policy = CollectionPolicy(
            keepSeconds: keepSeconds, maximumSizeBytes: maximumSizeBytes, isDryRun: isDryRun)
        let report = try BrambleError.storing { () throws(StoreError) in
            try local.collectGarbage(policy)
        }
        return CollectionResult(
            objects: report.objects.map(\.name), blobCount: report.blobCount,
            freedBytes: report.freedBytes, leftoverCount: report.leftoverCount)
    }

    /// What `verify` has found.
    public struct VerificationResult: Sendable {
        public struct Damage: Sendable {
            public let object: StoreName
            /// The file in it; empty for the object itself.
            public let path: String
            public let message: String
        }

        public struct Repair: Sendable {
            public let object: StoreName
            /// What is to be done, or was: for people.
            public let message: String
            public let isHealed: Bool
        }

        public let damages: [Damage]
        public let repairs: [Repair]
    }

    /// Reads every bit of all objects, and looks whether it is as it should be.
    ///
    /// - Parameters:
    ///   - repairs: Whether to heal what can be healed, and to mark the rest, so that it is built
    ///     anew.
    ///   - progress: Called before each object.
    public func verify(
        repairs: Bool, progress: (StoreName) -> Void = { _ in }
    ) throws(BrambleError) -> VerificationResult {
        try BrambleError.storing { () throws(StoreError) in
            let damages = try local.verify(progress: progress)
            let outcomes = repairs ? try local.repair(damages) : []
            return VerificationResult(
                damages: damages.map {
                    VerificationResult.Damage(
                        object: $0.object, path: $0.path, message: $0.message)
                }, repairs: outcomes.map(VerificationResult.Repair.init))
        }
    }

    /// Makes the index anew from what is on disk.
    ///
    /// - Returns: How many objects and builds there are; and directories that are no objects.
    public func reindex() throws(BrambleError) -> (
        objects: Int, builds: Int, strangers: [StoreName]
    ) {
        let report = try BrambleError.storing { () throws(StoreError) in try local.reindex() }
        return (report.objectCount, report.buildCount, report.strangers)
    }
}

extension Store.VerificationResult.Repair {
    fileprivate init(_ outcome: RepairOutcome) {
        object = outcome.object
        isHealed = outcome.action == .healed
        message =
            switch outcome.action {
            case .healed: "is whole again"
            case .willBeRebuilt: "will be built anew by the next build that needs it"
            case .mustBeAddedAgain: "must be added again by who has its files"
            }
    }
}
