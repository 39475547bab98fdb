import BrambleModel
import BrambleProject
import Synchronization

/// Reads files and answers searches for an evaluation, and remembers what it was asked, once each.
/// Threads may ask at the same time.
final class InputRecorder: Sendable {
    private struct State {
        var files: [String: EvaluationInputs.File] = [:]
        var searches: [EvaluationInputs.Search.Question: [String: EvaluationInputs.Search]] = [:]
        var isComplete = true
    }

    private let state = Mutex(State())

    /// What was asked so far, in an order that depends on nothing else.
    var inputs: EvaluationInputs {
        state.withLock { state in
            EvaluationInputs(
                files: state.files.values.sorted { $0.path < $1.path },
                searches: state.searches.values.flatMap(\.values).sorted { $0.key < $1.key })
        }
    }

    /// Whether the inputs are all that was looked at. If not, the evaluation cannot be kept.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// Notes that something was looked at which is no input: where a symbolic link leads.
    func noteIncompleteness() { state.withLock { $0.isComplete = false } }

    /// The bytes of a file.
    ///
    /// - Throws: `inputOutput`, `limit`.
    func read(_ path: String) throws(ProjectError) -> [UInt8] {
        let before = FileStamp(path: path)
        let bytes = try HostFile.read(path)
        let file = EvaluationInputs.File(path: path, bytes: bytes, before: before)
        state.withLock { $0.files[path] = file }
        return bytes
    }

    /// Notes that there is no file of a path, which is as much part of the result.
    func note(absent path: String) {
        state.withLock { state in
            if state.files[path] == nil { state.files[path] = EvaluationInputs.File(absent: path) }
        }
    }

    /// The answer of a search.
    ///
    /// - Throws: What the search throws.
    func search(
        _ question: EvaluationInputs.Search.Question, in root: String
    ) throws(ProjectError) -> [RelativePath] {
        let result = try question.ask(in: root)
        let search = EvaluationInputs.Search(root: root, question: question, result: result)
        state.withLock { $0.searches[question, default: [:]][root] = search }
        return result.paths
    }
}

extension EvaluationInputs.Search {
    /// By what searches are sorted.
    fileprivate var key: String {
        switch question {
        case .modules(let folder): "\(root)\0modules\0\(folder)"
        case .files(let query):
            "\(root)\0files\0\(query.base)\0\(query.include)\0\(query.exclude)\0"
                + "\(query.includesFolders)\0\(query.allowsEmpty)"
        }
    }
}
