public import BrambleModel
import BrambleStore

extension Store {
    /// Why objects are kept.
    public struct Root: Sendable {
        public enum Kind: String, Sendable {
            /// Until somebody removes it.
            case explicit
            /// As long as a symbolic link leads to the object.
            case link
            /// A target of a project, as it was last built.
            case target
        }

        public let kind: Kind
        /// What it is known by among its kind: a name, the path of the link, the target and where its
        /// project is.
        public let owner: String
        /// By name.
        public let objects: [StoreName]
    }

    /// All roots, by kind and owner.
    public func roots() throws(BrambleError) -> [Root] {
        try BrambleError.storing { () throws(StoreError) in try local.roots() }.map { root in
            let kind: Root.Kind =
                switch root.kind {
                case .explicit: .explicit
                case .link: .link
                case .target: .target
                }
            return Root(kind: kind, owner: root.owner, objects: root.objects)
        }
    }

    /// Keeps objects, with all that they refer to, until the root is removed. It replaces an explicit
    /// root of the same name.
    ///
    /// - Throws: `usage` for a name that is empty or more than a line; `nothingMatched` if an object
    ///   is not there.
    public func addRoot(_ name: String, to objects: [StoreName]) throws(BrambleError) {
        guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
            throw BrambleError(.usage, "a root's name is a line of text")
        }
        try BrambleError.storing { () throws(StoreError) in
            try local.setRoot(StoreRoot(.explicit, owner: name, objects: objects))
        }
    }

    /// Removes the roots of an owner, of whatever kind.
    ///
    /// - Throws: `nothingMatched` if there is none.
    public func removeRoots(of owner: String) throws(BrambleError) {
        let kinds: [StoreRoot.Kind] = [.explicit, .link, .target]
        var wasThere = false
        for kind in kinds {
            let isRemoved = try BrambleError.storing { () throws(StoreError) in
                try local.removeRoot(kind, owner: owner)
            }
            wasThere = wasThere || isRemoved
        }
        guard wasThere else {
            throw BrambleError(
                .nothingMatched, "there is no root `\(owner)`",
                hint: "`bramble store roots` lists them")
        }
    }
}
