internal import BrambleModel

/// The form in which the index and archives keep a tree: REAPI's message `Tree`, the root first
/// (field 1), then each other directory once (field 2), parents before children.
extension Tree {
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        var written: Set<Digest> = []
        forEachDigest { path, digest, directory in
            guard written.insert(digest).inserted else { return }
            let content = directory.encoded
            bytes.append(path.isEmpty ? Tree.rootTag : Tree.childTag)
            bytes.appendNumber(content.count)
            bytes += content
        }
        return bytes
    }

    /// - Throws: `malformed`.
    package init(decoding bytes: [UInt8]) throws(StoreError) {
        var rest = bytes[...]
        var root: Digest?
        var directories: [Digest: Directory] = [:]
        while let tag = rest.popFirst() {
            guard let count = rest.popNumber(), count <= rest.count,
                tag == (root == nil ? Tree.rootTag : Tree.childTag)
            else { throw StoreError(.malformed, "cannot read a `Tree` message") }
            let content = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            let digest = Digest(of: content)
            directories[digest] = try Directory(decoding: content)
            if root == nil { root = digest }
        }
        guard let root else { throw StoreError(.malformed, "a `Tree` message is empty") }
        try self.init(root: root, directories: directories)
        guard expandedCount <= Tree.maximumEntries else {
            throw StoreError(.malformed, "a `Tree` message has more entries than any tree")
        }
    }

    /// Equal directories are sent once: a kilobyte can stand for more files than there are atoms.
    private static let maximumEntries = 20_000_000

    /// How many entries there are when each directory counts as often as it stands in the tree.
    private var expandedCount: Int {
        var counts: [Digest: Int] = [:]
        var stack = [root]
        while let digest = stack.last {
            guard counts[digest] == nil, let directory = directories[digest] else {
                stack.removeLast()
                continue
            }
            let unknown = directory.directories.map(\.digest).filter { counts[$0] == nil }
            stack += unknown
            guard unknown.isEmpty else { continue }
            var count = directory.files.count + directory.symlinks.count
            for child in directory.directories {
                // Whatever is more than there may be, is too much.
                count = min(count + 1 + (counts[child.digest] ?? 0), Tree.maximumEntries + 1)
            }
            counts[digest] = count
        }
        return counts[root] ?? 0
    }

    private static let rootTag: UInt8 = 1 << 3 | 2
    private static let childTag: UInt8 = 2 << 3 | 2
}

extension ArraySlice<UInt8> {
    /// A base-128 number, lowest bits first; nil if there is none below 2^56.
    fileprivate mutating func popNumber() -> Int? {
        var value = 0
        for shift in stride(from: 0, to: 56, by: 7) {
            guard let byte = popFirst() else { return nil }
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
