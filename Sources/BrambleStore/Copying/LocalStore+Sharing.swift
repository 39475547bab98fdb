extension LocalStore {
    /// What the file system of the store can share between files.
    package struct SharingFeatures: Sendable {
        package let hasHardLinks: Bool
        package let hasReflinks: Bool
    }

    /// Finds out by trying, with two small files of its own.
    package func probeSharing() throws(StoreError) -> SharingFeatures {
        let folder = session.newPlace()
        try fileSystem.makeDirectory(folder, permissions: 0o700)
        defer {
            // It goes with the session.
            try? fileSystem.removeTree(folder)
        }
        let first = folder.appending("first")
        let source = try fileSystem.open(first, .create(0o600))
        defer { fileSystem.close(source) }
        let bytes = [UInt8](repeating: 1, count: 4096)
        try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try fileSystem.write(source, UnsafeRawBufferPointer(bytes))
        }
        let target = try fileSystem.open(folder.appending("second"), .create(0o600))
        defer { fileSystem.close(target) }
        let link = try fileSystem.makeLink(first, at: folder.appending("third"))
        return SharingFeatures(
            hasHardLinks: link == .made, hasReflinks: canClone(source, to: target))
    }

    private func canClone(_ source: Descriptor, to target: Descriptor) -> Bool {
        do throws(StoreError) {
            try fileSystem.clone(source, to: target)
            return true
        } catch {
            return false
        }
    }
}
