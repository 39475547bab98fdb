import BrambleModel
import BrambleProject

/// Evaluations by what was asked, kept from process to process (DESIGN, "Language": evaluation
/// cache).
///
/// A record holds all that its evaluation looked at, and is good while that is as it was, on trees
/// with changes as well. A file of its own for each request makes it safe for many processes; it
/// may be deleted at any time.
struct EvaluationCache {
    /// What was asked. Whatever else an evaluation depends on is in its inputs.
    struct Request: Hashable {
        /// The project's folder.
        let root: String
        /// The folder that local targets begin in, by components from the root.
        let current: [String]
        let targets: [String]
        let platform: Platform
        let target: Platform
    }

    /// An absolute path.
    let folder: String

    /// More records than these are more than anybody asks for again; the oldest go first.
    private static let maximumRecords = 256

    /// - Parameter evaluateAgain: Gives the text of the graph if the cache loses it meanwhile.
    /// - Returns: nil if nothing is known, or something has changed.
    func look(
        up request: Request,
        evaluateAgain: @escaping @Sendable () throws(BrambleError) -> [UInt8]
    ) -> Evaluation? {
        let file = file(of: request)
        // Damage is what a digest did not tell: a record of another build of the same version.
        guard let reader = file.read(), var record = try? EvaluationRecord(from: reader) else {
            return nil
        }
        switch record.inputs.check() {
        case .current: break
        case .changed: return nil
        case .refreshed(let inputs):
            record.inputs = inputs
            // The old record is as good, only slower to look at.
            try? file.write(record.bytes)
        }
        return Evaluation(
            functions: record.functions, messages: record.messages, packages: record.packages,
            graphText: .inFile(graphPath(record.graph), record.graph, evaluateAgain: evaluateAgain))
    }

    /// Keeps an evaluation. A cache that cannot be written to is no reason to fail.
    func keep(_ inputs: EvaluationInputs, _ result: Evaluation, for request: Request) {
        guard (try? HostFile.makeFolder(recordFolder)) != nil,
            (try? HostFile.makeFolder(graphFolder)) != nil, let graph = try? result.graphJSON()
        else { return }
        removeOldFiles(in: recordFolder)
        removeOldFiles(in: graphFolder)
        // The graph comes first: a record without it would be of no use.
        guard (try? HostFile.replace(graphPath(result.graphHash), with: graph)) != nil else {
            return
        }
        try? file(of: request).write(EvaluationRecord(inputs: inputs, result: result).bytes)
    }

    private var recordFolder: String { folder + "/evaluation" }
    private var graphFolder: String { folder + "/graphs" }

    /// Graphs are known by their hashes: many requests have the same.
    private func graphPath(_ hash: ContentHash) -> String { graphFolder + "/" + hash.hex }

    private func file(of request: Request) -> RecordFile {
        var key = RecordWriter()
        key.write(request.root)
        key.write(request.current) { $0.write($1) }
        key.write(request.targets) { $0.write($1) }
        key.write(request.platform.description)
        key.write(request.target.description)
        return RecordFile(path: recordFolder + "/" + ContentHash(of: key.bytes).hex)
    }

    private func removeOldFiles(in folder: String) {
        guard let names = try? HostFile.names(in: folder),
            names.count >= EvaluationCache.maximumRecords
        else { return }
        let byAge = names.map { name in
            (
                path: folder + "/" + name,
                modified: FileStamp(path: folder + "/" + name)?.modified ?? 0
            )
        }.sorted { $0.modified < $1.modified }
        for old in byAge.prefix(byAge.count / 2) { HostFile.remove(old.path) }
    }
}
