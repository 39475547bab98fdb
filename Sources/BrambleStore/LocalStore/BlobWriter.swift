package import BrambleModel
internal import Synchronization

/// A content on its way into a store. Dropped without `finish`, it leaves nothing.
package final class BlobWriter: Sendable {
    private struct State {
        var file: FileInTheMaking
        var hasher = ContentHasher()
        var isFinished = false
    }

    private let store: LocalStore
    private let draft: Place
    private let state: Mutex<State>

    package init(_ store: LocalStore) {
        self.store = store
        draft = store.session.newPlace()
        state = Mutex(State(file: FileInTheMaking(fileSystem: store.fileSystem, target: draft)))
    }

    deinit {
        let isFinished = state.withLock { state in
            state.file.close()
            return state.isFinished
        }
        // The folder of the session goes as a whole; this is only to have its space back earlier.
        if !isFinished { try? store.fileSystem.removeTree(draft) }
    }

    package func append(_ part: [UInt8]) throws(StoreError) {
        try state.withLock { (state) throws(StoreError) in
            var part = part
            try part.withUnsafeMutableBufferPointer { (part) throws(StoreError) in
                let bytes = UnsafeMutableRawBufferPointer(part)
                state.hasher.update(UnsafeRawBufferPointer(bytes))
                try state.file.write(bytes)
            }
        }
    }

    /// Puts the content among the blobs.
    ///
    /// - Throws: `corrupt` if it does not have the digest that was promised.
    package func finish(expecting digest: Digest? = nil) throws(StoreError) -> Digest {
        let digest = try keep(expecting: digest)
        try store.touchBlobs([digest])
        return digest
    }

    /// Puts the content among the blobs without a note that it is wanted: a collection may take it
    /// until there is one, or until it is a part of something.
    @discardableResult
    func keep(expecting digest: Digest?) throws(StoreError) -> Digest {
        try state.withLock { (state) throws(StoreError) in
            let blob = Blob(digest: state.hasher.digest, isExecutable: false)
            if let digest, digest != blob.digest {
                throw StoreError(
                    .corrupt, "cannot add the blob `\(digest)`: its content is `\(blob.digest)`")
            }
            try state.file.finishContent()
            try state.file.finish(permissions: blob.permissions)
            try store.blobFolder.keep(blob, draft)
            state.isFinished = true
            return blob.digest
        }
    }
}
