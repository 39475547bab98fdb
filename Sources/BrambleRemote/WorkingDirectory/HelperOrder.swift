import BrambleModel
import BrambleStore

/// What the sandbox helper is told, in a file of the input root. Both sides are the same program, so the format
/// is nobody else's business, but for the schema that tells one version from another.
struct HelperOrder: Codable, Hashable, Sendable {
    struct Output: Codable, Hashable, Sendable {
        let name: String
        /// In the sandbox.
        let path: String
    }

    struct Link: Codable, Hashable, Sendable {
        let path: String
        let target: String
    }

    static let schema = "bramble/remote-sandbox/1"

    var schema = HelperOrder.schema
    /// All that follows is as the sandbox has it.
    let program: String
    let arguments: [String]
    let environment: [String: String]
    let directory: String
    let objects: [StoreName]
    let outputs: [Output]
    let links: [Link]

    // MARK: The input root

    static let path = "order.json"
    /// The helper itself.
    static let programPath = "bramble"
    static let sources = "build"

    static func object(_ name: StoreName) -> String { "store/\(name)" }
    /// What engines may leave out of an object: a `TreeRemainder`.
    static func remainder(_ name: String) -> String { "remainders/\(name)" }
    static func output(_ name: String) -> String { "outputs/\(name)" }
}

/// What engines that run actions in a working directory leave out of a tree, or change: symlinks and empty
/// directories. It travels as a file beside the tree, both ways.
struct TreeRemainder: Codable, Hashable, Sendable {
    /// Those without files, by paths in the tree, parents first.
    var directories: [String] = []
    var links: [HelperOrder.Link] = []

    init() {}

    init(_ tree: Tree) {
        tree.forEachDirectory { path, directory in
            // The root is there in any case; what has files, too.
            if directory.files.isEmpty, !path.isEmpty { directories.append(path) }
            for link in directory.symlinks {
                links.append(
                    HelperOrder.Link(
                        path: path.isEmpty ? link.name : "\(path)/\(link.name)",
                        target: link.target))
            }
        }
    }

    var isEmpty: Bool { directories.isEmpty && links.isEmpty }
}

/// What the sandbox helper has to say, in a file that is an output of the action.
struct HelperReport: Codable, Hashable, Sendable {
    enum Ending: String, Codable, Hashable, Sendable {
        /// By itself, with a status.
        case exited
        /// By a signal, which is the status.
        case signalled
        /// The worker cannot make a sandbox.
        case failed
    }

    static let schema = "bramble/remote-sandbox-report/1"
    static let path = "report.json"

    var schema = HelperReport.schema
    let ending: Ending
    let status: Int
    /// Of a failure.
    var message: String?
    var hint: String?
    /// What was taken out of outputs, by their names.
    var remainders: [String: TreeRemainder] = [:]
}
