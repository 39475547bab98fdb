import BrambleModel

/// What is known of an object beside its tree. Nobody has to trust it: the name follows from the
/// tree.
struct ObjectRecord: Codable, Hashable, Sendable {
    static let schema = "bramble/cached-object/1"

    var schema = ObjectRecord.schema
    let name: StoreName
    let tree: Digest
    /// Bytes of all files.
    let size: Int
    /// Sorted, without the object itself.
    let references: [StoreName]
}
