package import BrambleModel

extension LocalStore {
    /// Writes objects, with all that they refer to, as one archive.
    ///
    /// - Parameter write: Takes the archive's next bytes.
    package func exportClosure(
        of names: [StoreName], _ write: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        do throws(StoreError) {
            let closure = try findClosure(of: names)
            try lease(closure)
            try withoutActuallyEscaping(write) { (write) throws(StoreError) in
                var writer = try ArchiveWriter(self, write)
                for name in closure { try writer.add(name) }
                try writer.finish()
            }
        } catch {
            throw error.during("cannot export")
        }
    }

    /// Adds the objects of an archive. What comes before a fault in it stays.
    ///
    /// - Parameter read: Gives the archive's next bytes, at most so many; none at its end.
    /// - Returns: The objects, each behind what it refers to.
    /// - Throws: `malformed`, `corrupt`; failures of system calls and of the index.
    package func importArchive(
        _ read: (Int) throws(StoreError) -> [UInt8]
    ) throws(StoreError) -> [StoredObject] {
        do throws(StoreError) {
            return try withoutActuallyEscaping(read) { (read) throws(StoreError) in
                var reader = try ArchiveReader(self, read)
                return try reader.run()
            }
        } catch {
            throw error.during("cannot import")
        }
    }

    /// Reads a file of an object.
    ///
    /// - Parameter path: The object's name, and the path in it.
    func readFile(
        _ path: String, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let descriptor = try fileSystem.open(Place(folder.objects, path), .read)
        defer { fileSystem.close(descriptor) }
        var reader = BlockReader(fileSystem, descriptor, BlockBuffer())
        try reader.forEachBlock { (block) throws(StoreError) in
            try body(UnsafeRawBufferPointer(block.bytes))
        }
    }
}
