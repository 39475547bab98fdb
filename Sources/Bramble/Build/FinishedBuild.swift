import BrambleModel
import BrambleProject
import BrambleStore

/// A build in which nothing failed, as it is remembered: all that it looked at outside of the store,
/// and what came out. While that is as it was, the same build has nothing to do, and to see so takes
/// a look at each source and one into the index, however large the graph is.
struct FinishedBuild {
    /// A file that was a source of something.
    struct Source: Hashable {
        let path: String
        /// nil if it was too young for its stamp to prove anything.
        let stamp: FileStamp?
    }

    /// What was asked for, and what was evaluated and locked.
    struct Request {
        let root: String
        let wanted: [DerivationHash]
        let graph: ContentHash
        let facts: ContentHash

        fileprivate var key: String {
            var writer = RecordWriter()
            writer.write(root)
            writer.write(wanted) { $0.write($1.description) }
            writer.write(graph.hex)
            writer.write(facts.hex)
            return ContentHash(of: writer.bytes).hex
        }
    }

    let sources: [Source]
    let built: [BuiltDerivation]

    private static let kind = "finished"

    /// - Returns: nil unless everything is as it was.
    static func find(
        _ request: Request, in store: LocalStore
    ) throws(StoreError) -> FinishedBuild? {
        guard let bytes = try store.cachedValue(kind, request.key),
            // What another version has written is not known.
            let record = try? FinishedBuild(from: RecordReader(bytes)),
            record.sources.allSatisfy({
                $0.stamp != nil && FileStamp(linkPath: $0.path) == $0.stamp
            })
        else { return nil }
        let names = record.built.flatMap(\.outputs).map(\.name)
        return try store.areWhole(names) ? record : nil
    }

    func keep(_ request: Request, in store: LocalStore) throws(StoreError) {
        var writer = RecordWriter()
        writer.write(sources) { writer, source in
            writer.write(source.path)
            writer.write(source.stamp) { $1.write(to: &$0) }
        }
        writer.write(built) { $1.write(to: &$0) }
        try store.setCachedValue(writer.bytes, FinishedBuild.kind, request.key)
    }
}

extension FinishedBuild {
    fileprivate init(from reader: RecordReader) throws {
        var reader = reader
        sources = try reader.list { (reader) throws(RecordReader.Damage) in
            Source(path: try reader.text(), stamp: try reader.optional(FileStamp.init(from:)))
        }
        built = try reader.list(BuiltDerivation.init(from:))
    }
}

extension FinishedBuild.Source {
    /// The files that a graph has as sources, as they were before they were read.
    static func all(
        of graph: DerivationGraph, _ folders: SourceFolders
    ) throws(BrambleError) -> [FinishedBuild.Source] {
        var paths: Set<String> = []
        for derivation in graph.derivations {
            guard let sources = derivation.sources else { continue }
            let folder = try folders.folder(of: sources.package)
            for path in sources.paths { paths.insert("\(folder)/\(path)") }
        }
        let now = FileStamp.now
        return paths.sorted().map { path in
            let stamp = FileStamp(linkPath: path)
            return FinishedBuild.Source(
                path: path, stamp: stamp.flatMap { $0.isSettled(at: now) ? $0 : nil })
        }
    }
}
