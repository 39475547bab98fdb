internal import Glibc

/// A file of an object while its content is written.
struct FileInTheMaking {
    let fileSystem: any FileSystem
    let target: Place

    private var descriptor: Descriptor?
    private var sizeBytes = 0
    /// Whether the end of what was written is a hole, which the file does not have yet.
    private var endsInHole = false

    init(fileSystem: any FileSystem, target: Place) {
        self.fileSystem = fileSystem
        self.target = target
    }

    /// Makes the file, unless that has happened.
    mutating func begin() throws(StoreError) { _ = try opened() }

    /// Appends bytes. Blocks of zeros become holes: a sparse file stays one.
    mutating func write(_ bytes: UnsafeMutableRawBufferPointer) throws(StoreError) {
        let descriptor = try opened()
        endsInHole = FileInTheMaking.isHole(bytes)
        if !endsInHole {
            try fileSystem.write(descriptor, UnsafeRawBufferPointer(bytes), at: sizeBytes)
        }
        sizeBytes += bytes.count
    }

    /// Gives the file its size, also if it has no content at all.
    mutating func finishContent() throws(StoreError) {
        let descriptor = try opened()
        if endsInHole { try fileSystem.truncate(descriptor, to: sizeBytes) }
    }

    /// Makes the file as files of the store are, and one with all others of this content.
    mutating func share(_ blob: Blob, _ blobs: BlobFolder) throws(StoreError) {
        try finish(permissions: blob.permissions)
        try blobs.give(blob, target)
    }

    /// Gives the file its permissions, and the time that files of the store have.
    mutating func finish(permissions: UInt32) throws(StoreError) {
        let descriptor = try opened()
        try fileSystem.setPermissions(descriptor, permissions)
        try fileSystem.setTimes(descriptor, seconds: StoreTime.seconds)
    }

    mutating func close() {
        if let descriptor { fileSystem.close(descriptor) }
        descriptor = nil
    }

    private mutating func opened() throws(StoreError) -> Descriptor {
        if let descriptor { return descriptor }
        let new = try fileSystem.open(target, .create(0o600))
        descriptor = new
        return new
    }

    /// A hole shorter than this is not worth a look at every byte.
    private static let smallestHoleBytes = 64 << 10

    private static func isHole(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
        guard bytes.count >= smallestHoleBytes, let start = bytes.baseAddress,
            start.load(as: UInt8.self) == 0
        else { return false }
        // All bytes are equal if each is equal to the one before it.
        return memcmp(start, start + 1, bytes.count - 1) == 0
    }
}
