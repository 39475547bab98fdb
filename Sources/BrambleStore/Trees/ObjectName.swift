package import BrambleModel

/// Where a tree holds the name of the object that it is: in which file or symlink, at which byte.
struct SelfReference: Hashable, Sendable {
    /// From the root of the tree.
    let path: String
    let offset: Int
}

extension SelfReference: Comparable {
    static func < (left: SelfReference, right: SelfReference) -> Bool {
        if left.path.utf8.elementsEqual(right.path.utf8) { return left.offset < right.offset }
        return left.path.precedes(right.path)
    }
}

extension StoreName {
    /// The name of a tree that does not hold its own name.
    package init(tree: Digest) {
        self.init(tree: tree, selfReferences: [])
    }

    /// - Parameters:
    ///   - tree: The digest of the tree with 32 characters `0` wherever it holds its own name.
    ///   - selfReferences: Those places, in any order.
    init(tree: Digest, selfReferences: [SelfReference]) {
        var content = Array("\(tree)\n".utf8)
        for reference in selfReferences.sorted() {
            // A path has no NUL, and digits no line feed, so this can be read in one way only.
            content += reference.path.utf8
            content.append(0)
            content += "\(reference.offset)\n".utf8
        }
        self.init(ofObject: content)
    }

    /// What stands in place of an object's own name while its tree is hashed.
    static let blank = [UInt8](repeating: UInt8(ascii: "0"), count: 32)
}
