internal import BrambleModel
internal import Glibc

/// A file by what is shared: its content and whether it may be executed.
struct Blob: Hashable, Sendable {
    let digest: Digest
    let isExecutable: Bool

    /// Below the folder of blobs: 256 folders by the first two digits, so that no directory gets
    /// huge.
    var path: String {
        let hex = digest.hash.hex
        return "\(hex.prefix(2))/\(hex)\(isExecutable ? ".x" : "")"
    }

    /// How many digits the hash in a name has.
    static let digitCount = 64

    /// The name of one of the 256 folders.
    static func folderName(_ number: Int) -> String {
        (number < 16 ? "0" : "") + String(number, radix: 16)
    }

    var permissions: UInt32 { Blob.permissions(isExecutable: isExecutable) }

    static func permissions(isExecutable: Bool) -> UInt32 { isExecutable ? 0o555 : 0o444 }

    /// Whether a file can be this one, going by all but its content.
    func matches(_ status: FileStatus) -> Bool {
        status.kind == .regular && status.sizeBytes == digest.sizeBytes
            && status.permissions == permissions && status.modifiedAt == StoreTime.nanoseconds
    }
}

/// The one time that files of the store have.
enum StoreTime {
    static let seconds = 1
    static let nanoseconds: Int64 = 1_000_000_000
}

/// `blobs/`: one file for each distinct content, from which objects take their files as hard links.
///
/// Where the file system refuses a link (its limit for one file is reached, or it has none), blocks
/// are shared, and where it can't do that either, bytes are copied. So sharing never makes an
/// operation fail.
struct BlobFolder: Sendable {
    let fileSystem: any FileSystem
    let directory: Descriptor
    /// Places for files that are not yet what they will be.
    let session: Session

    func place(of blob: Blob) -> Place { Place(directory, blob.path) }

    /// Makes a file from the blob, if the blob is there and sound, going by all but its content.
    ///
    /// - Returns: Whether it was.
    func take(_ blob: Blob, at target: Place) throws(StoreError) -> Bool {
        let source = place(of: blob)
        switch try fileSystem.makeLink(source, at: target) {
        case .made: break
        case .isMissing: return false
        case .isRefused: return try duplicate(blob, at: target)
        case .isTaken:
            throw StoreError(call: "link", path: target.path, number: EEXIST)
        }
        if let status = try fileSystem.status(at: target), blob.matches(status) { return true }
        try fileSystem.removeFile(target)
        return false
    }

    /// Offers a finished file to be shared: it becomes the blob, or is replaced by it.
    func give(_ blob: Blob, _ file: Place) throws(StoreError) {
        switch try fileSystem.makeLink(file, at: place(of: blob)) {
        case .made, .isRefused: break
        case .isTaken: try replace(file, by: blob)
        case .isMissing:
            throw StoreError(call: "link", path: blob.path, number: ENOENT)
        }
    }

    /// Puts a finished file among the blobs, and nowhere else.
    func keep(_ blob: Blob, _ draft: Place) throws(StoreError) {
        switch try fileSystem.makeLink(draft, at: place(of: blob)) {
        case .made: break
        case .isTaken: try replace(draft, by: blob)
        // Where there are no links, there is nobody either who has linked the blob.
        case .isRefused: return try fileSystem.rename(draft, to: place(of: blob))
        case .isMissing: throw StoreError(call: "link", path: blob.path, number: ENOENT)
        }
        try fileSystem.removeFile(draft)
    }

    private func replace(_ file: Place, by blob: Blob) throws(StoreError) {
        let draft = session.newPlace()
        if try take(blob, at: draft) {
            try fileSystem.rename(draft, to: file)
            return
        }
        // The blob is not what it was made as, or has gone meanwhile: the new file takes its place.
        guard case .made = try fileSystem.makeLink(file, at: draft) else { return }
        try fileSystem.rename(draft, to: place(of: blob))
    }

    /// A file of its own with the blob's content.
    private func duplicate(_ blob: Blob, at target: Place) throws(StoreError) -> Bool {
        let source = try fileSystem.open(place(of: blob), .read)
        defer { fileSystem.close(source) }
        guard blob.matches(try fileSystem.status(of: source)) else { return false }
        let copy = try fileSystem.open(target, .create(0o600))
        defer { fileSystem.close(copy) }
        do throws(StoreError) {
            try fileSystem.clone(source, to: copy)
        } catch {
            // Any refusal means the same: no shared blocks here. What is wrong with the disk will
            // show when the bytes are written.
            var reader = BlockReader(fileSystem, source, BlockBuffer())
            try reader.forEachBlock { (block) throws(StoreError) in
                try fileSystem.write(copy, UnsafeRawBufferPointer(block.bytes))
            }
        }
        try fileSystem.setPermissions(copy, blob.permissions)
        try fileSystem.setTimes(copy, seconds: StoreTime.seconds)
        return true
    }
}
