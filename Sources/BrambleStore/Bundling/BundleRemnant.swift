package import BrambleModel

/// Something in a bundled object that looks like a path of the store, and was left as it is.
package struct BundleRemnant: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The store's prefix in UTF-16, as Java and Windows' programs have their texts.
        case utf16
        /// A part of the store's prefix that is not followed or preceded by the rest of it.
        case spelling
        /// The name of a bundled object that no path leads to.
        case name
        /// The store's prefix, or such a name, in what a compressed file expands to.
        ///
        /// - Parameter member: The file in the archive; nil if it is one compressed file.
        case compressed(member: String?)
        /// A compressed file that cannot be expanded: what is in it is not known.
        case unreadable
    }

    package let object: StoreName
    /// The file in it.
    package let path: String
    /// From the start of the file, or of what it expands to.
    package let offset: Int
    package let kind: Kind

    package init(object: StoreName, path: String, offset: Int, kind: Kind) {
        self.object = object
        self.path = path
        self.offset = offset
        self.kind = kind
    }

    /// What it is, in words, without the object and the file.
    package var message: String {
        switch kind {
        case .utf16: "the store's prefix in UTF-16 at \(offset)"
        case .spelling: "a part of the store's prefix at \(offset)"
        case .name: "the name of an object, without a path, at \(offset)"
        case .compressed(nil): "a reference at \(offset) of its expanded content"
        case .compressed(let member?): "a reference at \(offset) of `\(member)` in it"
        case .unreadable: "compressed, and cannot be expanded: what it refers to is not known"
        }
    }
}

/// What a bundle has become.
package struct BundleReport: Hashable, Sendable {
    /// All objects in it, each behind those that it refers to.
    package var objects: [StoreName] = []
    /// How many times the prefix was replaced.
    package var replacedCount = 0
    /// By object and path.
    package var remnants: [BundleRemnant] = []
}
