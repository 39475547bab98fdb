import BrambleModel
import BrambleStore

/// What the last builds of a project's targets were made of, so that it can be said what has changed
/// since.
struct BuildHistory {
    /// One build of one target.
    struct Entry {
        /// The derivations that the target stood for.
        let roots: [DerivationHash]
        /// A blob with the graph, in canonical JSON.
        let graph: Digest
        let sources: [BuildInput.SourceTree]
        let urlHashes: [URLHash]
        let gitPins: [GitPin]

        /// Whether the target was made of the same. Graphs differ by what else was built with it.
        func isSame(as other: Entry) -> Bool {
            let trees = Dictionary(other.sources.map { ($0.derivation, $0.tree) }) { one, _ in one }
            return roots == other.roots
                && sources.allSatisfy { trees[$0.derivation] ?? $0.tree == $0.tree }
        }
    }

    /// The last build of a target, and the one before that had other inputs.
    struct Record {
        let last: Entry
        let previous: Entry?
    }

    private let root: String
    private let store: LocalStore

    private static let kind = "history"

    init(_ root: String, _ store: LocalStore) {
        self.root = root
        self.store = store
    }

    /// Notes what the targets of a build were made of.
    func note(
        _ request: WorkspaceBuild.Request, _ input: BuildInput
    ) throws(BrambleError) {
        let graph = try BrambleError.storing { () throws(StoreError) in
            try store.addBlob(input.graph.canonicalJSON)
        }
        var values: [(key: String, value: [UInt8])] = []
        for function in request.evaluation.functions {
            let entry = Entry(
                roots: function.derivations.map(\.hash), graph: graph, sources: input.sources,
                urlHashes: input.urlHashes, gitPins: input.gitPins)
            let old = try find(function.target)
            let isSame = old.map { entry.isSame(as: $0.last) } ?? false
            let record = Record(last: entry, previous: isSame ? old?.previous : old?.last)
            values.append((key(function.target), record.bytes))
        }
        let new = values
        try BrambleError.storing { () throws(StoreError) in
            try store.setCachedValues(new, BuildHistory.kind)
        }
    }

    /// - Returns: nil if the target was never built.
    func find(_ target: String) throws(BrambleError) -> Record? {
        let bytes = try BrambleError.storing { () throws(StoreError) in
            try store.cachedValue(BuildHistory.kind, key(target))
        }
        // A record of another version is none.
        return bytes.flatMap { try? Record(RecordReader($0)) }
    }

    /// The graph of a build; nil if it was collected.
    func graph(of entry: Entry) throws(BrambleError) -> DerivationGraph? {
        var bytes: [UInt8] = []
        do throws(StoreError) {
            try store.readBlob(entry.graph) { (part) throws(StoreError) in bytes += part }
        } catch {
            guard error.code == .notFound else { throw BrambleError(error) }
            return nil
        }
        return try GraphFile(name: "the last build", bytes: bytes).graph()
    }

    private func key(_ target: String) -> String { "\(root)\n\(target)" }
}
