extension LocalStore {
    /// Makes an empty folder that nobody else uses, on the file system of the store. Whoever asks
    /// for it removes it; what is left of a process that was killed, a collection removes.
    ///
    /// - Returns: Its absolute path.
    package func newWorkFolder() throws(StoreError) -> String {
        let place = session.newPlace()
        try fileSystem.makeDirectory(place, permissions: 0o700)
        return "\(folder.path)/tmp/\(session.name)/\(place.path)"
    }
}
