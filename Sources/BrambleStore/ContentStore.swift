package import BrambleModel

/// What every place for objects can do: a folder of this machine, another machine, a test's memory.
package protocol ContentStore: Sendable {
    /// - Returns: nil if it is not there.
    func object(_ name: StoreName) async throws(StoreError) -> StoredObject?

    /// What is in an object, by digests.
    ///
    /// - Throws: `notFound`.
    func tree(of name: StoreName) async throws(StoreError) -> Tree

    /// Objects with all that they refer to: each once, behind what it refers to.
    ///
    /// - Throws: `notFound` if something of it is not there.
    func closure(of names: [StoreName]) async throws(StoreError) -> [StoreName]

    /// The build of a key, if all that it has yielded is there.
    func build(_ key: BuildKey) async throws(StoreError) -> BuildRecord?

    /// Records a build. Recorded again, it is replaced.
    ///
    /// - Throws: `notFound` if one of its outputs is not there.
    func record(_ record: BuildRecord) async throws(StoreError)

    /// Those of the digests whose contents are not there, in their order.
    func missingBlobs(_ digests: [Digest]) async throws(StoreError) -> [Digest]

    /// A part of a content. It is not checked: who reads all of it can.
    ///
    /// - Parameters:
    ///   - offset: At most the size.
    ///   - limitBytes: How much to read at most; less comes only at the end.
    /// - Throws: `notFound`, `malformed` for an offset behind the end.
    func readBlob(
        _ digest: Digest, at offset: Int, limitBytes: Int
    ) async throws(StoreError) -> [UInt8]

    /// Adds a content. If it is there already, nothing changes.
    ///
    /// - Throws: `corrupt` if the content has another digest; what the parts throw.
    func addBlob(
        _ digest: Digest, _ parts: any AsyncSequence<[UInt8], StoreError>
    ) async throws(StoreError)

    /// Makes an object of a tree whose contents are there. It refers to nothing.
    ///
    /// - Throws: `notFound` if a content is not there.
    func add(_ tree: Tree) async throws(StoreError) -> StoredObject
}
