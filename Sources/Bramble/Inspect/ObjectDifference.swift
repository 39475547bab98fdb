public import BrambleModel
import BrambleStore

/// Where two objects of a store differ.
public struct ObjectDifference: Sendable {
    public enum Change: Sendable {
        case added, removed
        /// The first byte that differs, as far as it was looked for; sizes before and after.
        case content(offset: Int, oldBytes: Int, newBytes: Int)
        case executable(Bool)
        case target(old: String, new: String)
        /// A file has become a directory, or the like.
        case kind
    }

    public struct Entry: Sendable {
        /// From the object's root.
        public let path: String
        public let change: Change
    }

    /// By path.
    public let entries: [Entry]
}

extension Store {
    /// Compares two objects file by file.
    ///
    /// - Throws: `nothingMatched` if one is not there.
    public func compare(
        _ old: StoreName, _ new: StoreName
    ) throws(BrambleError) -> ObjectDifference {
        let (oldFiles, newFiles) = try BrambleError.storing { () throws(StoreError) in
            (try TreeEntries(local.readTree(of: old)), try TreeEntries(local.readTree(of: new)))
        }
        var entries: [ObjectDifference.Entry] = []
        for path in Set(oldFiles.byPath.keys).union(newFiles.byPath.keys).sorted() {
            let change = try change(
                oldFiles.byPath[path], newFiles.byPath[path],
                paths: (
                    local.diskPath(of: old) + "/" + path, local.diskPath(of: new) + "/" + path
                ))
            if let change { entries.append(ObjectDifference.Entry(path: path, change: change)) }
        }
        return ObjectDifference(entries: entries)
    }

    private func change(
        _ old: TreeEntries.Entry?, _ new: TreeEntries.Entry?, paths: (String, String)
    ) throws(BrambleError) -> ObjectDifference.Change? {
        switch (old, new) {
        case (nil, nil), (.directory, .directory): return nil
        case (nil, _): return .added
        case (_, nil): return .removed
        case (.symlink(let old), .symlink(let new)):
            return old == new ? nil : .target(old: old, new: new)
        case (.file(let old, let wasExecutable), .file(let new, let isExecutable)):
            if old != new {
                let offset = try FileComparison.firstDifference(paths.0, paths.1)
                return .content(
                    offset: offset, oldBytes: old.sizeBytes, newBytes: new.sizeBytes)
            }
            return wasExecutable == isExecutable ? nil : .executable(isExecutable)
        default: return .kind
        }
    }
}

/// What is in a tree, by path.
struct TreeEntries {
    enum Entry: Hashable {
        case file(Digest, isExecutable: Bool)
        case directory
        case symlink(String)
    }

    private(set) var byPath: [String: Entry] = [:]

    init(_ tree: Tree) {
        tree.forEachDirectory { path, directory in
            let prefix = path.isEmpty ? "" : path + "/"
            for file in directory.files {
                byPath[prefix + file.name] = .file(file.digest, isExecutable: file.isExecutable)
            }
            for link in directory.symlinks { byPath[prefix + link.name] = .symlink(link.target) }
            for child in directory.directories { byPath[prefix + child.name] = .directory }
        }
    }
}
