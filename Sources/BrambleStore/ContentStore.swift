package import BrambleModel

/// What every place for objects can do: a folder of this machine, another machine, a test's memory.
package protocol ContentStore: Sendable {
    /// - Returns: nil if it is not there.
    func object(_ name: StoreName) async throws(StoreError) -> StoredObject?

    /// What is in an object, by digests.
    ///
    /// - Throws: `notFound`.
    func tree(of name: StoreName) async throws(StoreError) -> Tree

    /// The objects that one refers to, without itself: sorted.
    ///
    /// - Throws: `notFound`.
    func references(of name: StoreName) async throws(StoreError) -> [StoreName]

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

    /// Several contents, in the order of their digests, checked against these. All of them are held in
    /// memory.
    ///
    /// - Throws: `notFound`, `corrupt`.
    func readBlobs(_ digests: [Digest]) async throws(StoreError) -> [[UInt8]]

    /// Adds several contents that are in memory.
    ///
    /// - Throws: `corrupt` if one has another digest.
    func addBlobs(_ contents: [BlobContent]) async throws(StoreError)

    /// Adds a content. If it is there already, nothing changes.
    ///
    /// - Parameter read: The content: bytes at an offset, at most so many; none at its end.
    /// - Throws: `corrupt` if the content has another digest; what `read` throws.
    func addBlob(_ digest: Digest, _ read: @escaping BlobReading) async throws(StoreError)

    /// All of a content, in parts. It may turn out not to be what it should only at the end.
    ///
    /// - Throws: `notFound`; `corrupt`, also behind the last part; what `take` throws.
    func forEachPart(
        of digest: Digest, _ take: @escaping @Sendable ([UInt8]) async throws(StoreError) -> Void
    ) async throws(StoreError)

    /// Adds a content that another store has.
    func copyBlob(_ digest: Digest, from source: any ContentStore) async throws(StoreError)

    /// Makes an object of a tree whose contents are there.
    ///
    /// - Parameters:
    ///   - name: As it is known elsewhere; a store that others share checks it.
    ///   - references: Sorted, without the object itself. They must be there.
    /// - Throws: `notFound` if a content or a reference is not there; `corrupt` if the name is another
    ///   one's.
    func add(
        _ tree: Tree, as name: StoreName, references: [StoreName]
    ) async throws(StoreError) -> StoredObject
}

/// Bytes of a content from an offset on, at most so many; none at its end.
package typealias BlobReading =
    @Sendable (_ offset: Int, _ limitBytes: Int) async throws(StoreError) -> [UInt8]

/// A content in memory, and the digest that it is to have.
package struct BlobContent: Sendable {
    package let digest: Digest
    package let bytes: [UInt8]

    package init(digest: Digest, bytes: [UInt8]) {
        self.digest = digest
        self.bytes = bytes
    }

    package init(_ bytes: [UInt8]) {
        self.init(digest: Digest(of: bytes), bytes: bytes)
    }
}
