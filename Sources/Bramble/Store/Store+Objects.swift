public import BrambleModel
import BrambleStore
import Glibc

extension Store {
    /// An object of the store.
    public struct Object: Sendable {
        public let name: StoreName
        /// Its path for builds and programs.
        public var path: StorePath { StorePath(name) }
        /// Its path on this machine.
        public let diskPath: String
        /// The bytes of its files.
        public let sizeBytes: Int
    }

    /// Something in an object.
    public struct Entry: Sendable {
        public enum Kind: Sendable {
            case file(Digest, isExecutable: Bool)
            case directory
            case symlink(target: String)
        }

        /// From the object's root.
        public let path: String
        public let kind: Kind
    }

    /// All objects, by name.
    public func objects() throws(BrambleError) -> [Object] {
        try BrambleError.storing { () throws(StoreError) in try local.objects() }.map(object)
    }

    /// - Throws: `nothingMatched` if the store does not have it.
    public func object(_ name: StoreName) throws(BrambleError) -> Object {
        let found = try BrambleError.storing { () throws(StoreError) in
            try local.findObject(name)
        }
        guard let found else {
            throw BrambleError(.nothingMatched, "the store does not have `\(name)`")
        }
        return object(found)
    }

    private func object(_ object: StoredObject) -> Object {
        Object(
            name: object.name, diskPath: local.diskPath(of: object.name),
            sizeBytes: object.sizeBytes)
    }

    /// What is in an object, by path.
    ///
    /// - Throws: `nothingMatched` if the store does not have it.
    public func entries(of name: StoreName) throws(BrambleError) -> [Entry] {
        let tree = try BrambleError.storing { () throws(StoreError) in
            try local.readTree(of: name)
        }
        return TreeEntries(tree).byPath.sorted { $0.key < $1.key }.map { path, entry in
            switch entry {
            case .directory: Entry(path: path, kind: .directory)
            case .symlink(let target): Entry(path: path, kind: .symlink(target: target))
            case .file(let digest, let isExecutable):
                Entry(path: path, kind: .file(digest, isExecutable: isExecutable))
            }
        }
    }

    /// The objects that one refers to.
    public func references(of name: StoreName) throws(BrambleError) -> [StoreName] {
        try BrambleError.storing { () throws(StoreError) in try local.findReferences(of: name) }
    }

    /// Objects with all that they refer to.
    ///
    /// - Throws: `nothingMatched` if something of it is not there.
    public func closure(of names: [StoreName]) throws(BrambleError) -> [StoreName] {
        try BrambleError.storing { () throws(StoreError) in try local.findClosure(of: names) }
    }

    /// Copies a directory of this machine into the store. It refers to nothing.
    ///
    /// - Parameter path: Absolute.
    public func add(_ path: String) throws(BrambleError) -> Object {
        object(try BrambleError.storing { () throws(StoreError) in try local.add(directory: path) })
    }
}
