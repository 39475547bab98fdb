import Bramble

/// Where objects differ, a line each.
enum DifferenceList {
    static func line(_ entry: ObjectDifference.Entry) -> String {
        switch entry.change {
        case .added: "+ \(entry.path)"
        case .removed: "- \(entry.path)"
        case .content(let offset, let oldBytes, let newBytes):
            "! \(entry.path): differs from byte \(offset)"
                + (oldBytes == newBytes ? "" : ", \(oldBytes) bytes became \(newBytes)")
        case .executable(let isExecutable):
            "! \(entry.path): is \(isExecutable ? "executable now" : "not executable any more")"
        case .target(let old, let new): "! \(entry.path): leads to \(new) rather than \(old)"
        case .kind: "! \(entry.path): is something else"
        }
    }
}

/// The same for programs: schema `bramble/difference/1`.
struct DifferenceReport: Encodable {
    struct Entry: Encodable {
        let path: String
        /// `added`, `removed`, `content`, `executable`, `target` or `kind`.
        let change: String
        let offset: Int?
    }

    let schema = "bramble/difference/1"
    let entries: [Entry]

    init(_ difference: ObjectDifference) {
        entries = difference.entries.map { entry in
            switch entry.change {
            case .added: Entry(path: entry.path, change: "added", offset: nil)
            case .removed: Entry(path: entry.path, change: "removed", offset: nil)
            case .content(let offset, _, _):
                Entry(path: entry.path, change: "content", offset: offset)
            case .executable: Entry(path: entry.path, change: "executable", offset: nil)
            case .target: Entry(path: entry.path, change: "target", offset: nil)
            case .kind: Entry(path: entry.path, change: "kind", offset: nil)
            }
        }
    }
}
