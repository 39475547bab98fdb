package import BrambleModel
internal import Glibc

/// Why objects are to be kept: a file in `roots/`, since an index can be lost and a reason must
/// not.
package struct StoreRoot: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// Until somebody removes it.
        case explicit
        /// As long as a symlink outside of the store leads to the object.
        case link
        /// The target of a project, as it was last built.
        case target
    }

    package static let schema = "bramble/root/1"

    package let schema: String
    package let kind: Kind
    /// What the root is known by among its kind: a name; the absolute path of the symlink; the
    /// target and its project's directory.
    package let owner: String
    /// Sorted, each once.
    package let objects: [StoreName]

    package init(_ kind: Kind, owner: String, objects: [StoreName]) {
        schema = StoreRoot.schema
        self.kind = kind
        self.owner = owner
        self.objects = Set(objects).sorted()
    }

    /// The name of the file: one root for each kind and owner.
    var fileName: String {
        ContentHash(of: Array("\(kind.rawValue)\n\(owner)".utf8)).hex
    }

    /// The canonical text. Every build writes some, so it is written out by hand.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("kind", kind.rawValue)
        writer.key("objects")
        writer.beginArray()
        for object in objects { writer.string(object.description) }
        writer.endArray()
        writer.field("owner", owner)
        writer.field("schema", schema)
        writer.endObject()
        return writer.bytes
    }
}

extension LocalStore {
    /// Keeps objects from being collected, and replaces the root of the same kind and owner.
    package func setRoot(_ root: StoreRoot) throws(StoreError) {
        let operation = "cannot record the root `\(root.owner)`"
        let json = root.json
        try index.write(operation) { database in
            for name in root.objects where try ObjectRow.find(name, database) == nil {
                throw LocalStore.missing(name).during(operation)
            }
            try fileSystem.replaceFile(
                Place(folder.roots, root.fileName), with: json, draft: session.newPlace())
            try bumpGeneration(database)
        }
    }

    /// - Returns: Whether there was one.
    package func removeRoot(_ kind: StoreRoot.Kind, owner: String) throws(StoreError) -> Bool {
        let name = StoreRoot(kind, owner: owner, objects: []).fileName
        do throws(StoreError) {
            try fileSystem.removeFile(Place(folder.roots, name))
            return true
        } catch {
            guard error.errorNumber == ENOENT else { throw error }
            return false
        }
    }

    /// All roots, by kind and owner. A file that cannot be read is an error: what it keeps is not
    /// known.
    package func roots() throws(StoreError) -> [StoreRoot] {
        var roots: [StoreRoot] = []
        for bytes in try fileSystem.names(in: folder.roots) {
            let place = Place(folder.roots, String(decoding: bytes, as: UTF8.self))
            let json = try fileSystem.contents(of: place, limitBytes: LocalStore.rootLimitBytes)
            do {
                roots.append(try CanonicalJSON.decode(StoreRoot.self, from: json))
            } catch {
                throw StoreError(.corrupt, "cannot read the root `\(place.path)`: \(error)")
            }
        }
        return roots.sorted { ($0.kind.rawValue, $0.owner) < ($1.kind.rawValue, $1.owner) }
    }

    /// Larger than any list of a target's outputs.
    private static let rootLimitBytes = 16 << 20

    /// What is needed, by what the roots say: a root whose symlink is gone keeps nothing.
    func rootedObjects() throws(StoreError) -> Set<StoreName> {
        var names: Set<StoreName> = []
        for root in try roots() {
            if root.kind == .link, try !isLinked(root) { continue }
            names.formUnion(root.objects)
        }
        return names
    }

    private func isLinked(_ root: StoreRoot) throws(StoreError) -> Bool {
        let target: String
        do throws(StoreError) {
            target = String(
                decoding: try fileSystem.readLink(Place(root.owner)), as: UTF8.self)
        } catch {
            if [ENOENT, ENOTDIR, EINVAL].contains(error.errorNumber) { return false }
            throw error
        }
        return root.objects.contains { name in
            target.hasPrefix(StorePath(name).description) || target.hasPrefix(diskPath(of: name))
        }
    }
}
