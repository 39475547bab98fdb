import BrambleModel
import BrambleProject

/// All that an evaluation has looked at in the file system. While it is as it was, the evaluation
/// gives the same.
struct EvaluationInputs: Equatable {
    /// A file that was read whole, or that was looked for in vain.
    struct File: Hashable {
        let path: String
        /// nil if there was none, and none is expected.
        let hash: ContentHash?
        /// nil if the file was too young for its stamp to prove anything: then it is read again.
        let stamp: FileStamp?
    }

    /// A question about which files there are.
    struct Search: Hashable {
        enum Question: Hashable {
            case files(GlobQuery)
            /// Which modules are below a folder.
            case modules(below: [String])

            /// - Throws: What the search throws.
            func ask(in root: String) throws(ProjectError) -> GlobQuery.Result {
                switch self {
                case .files(let query): try query.run(in: root)
                case .modules(let folder): try ModuleTree.find(below: folder, in: root)
                }
            }
        }

        /// The project's folder.
        let root: String
        let question: Question
        let answer: [String]
        /// nil if it was too young: then the question is asked again.
        let trace: WalkTrace?
    }

    var files: [File] = []
    var searches: [Search] = []
}

extension EvaluationInputs {
    init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        files = try reader.list(File.init(from:))
        searches = try reader.list(Search.init(from:))
    }

    func write(to writer: inout RecordWriter) {
        writer.write(files) { $1.write(to: &$0) }
        writer.write(searches) { $1.write(to: &$0) }
    }
}
