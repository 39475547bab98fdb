internal import BrambleModel

/// Compares the files of one directory after the other with what they should be.
struct FileCheck {
    /// A file that holds the name of its own object.
    struct OwnName: Sendable {
        let path: String
        let offsets: [Int]
        /// Of the content with blanks in place of the name.
        let blankDigest: Digest
    }

    struct Result: Sendable {
        var damages: [Damage] = []
        var ownNames: [OwnName] = []

        init() {}

        init(unreadable damage: Damage) {
            damages = [damage]
        }
    }

    let object: StoreName
    let fileSystem: any FileSystem
    let scan: NameScan

    private let buffer = BlockBuffer()

    init(object: StoreName, _ fileSystem: any FileSystem, _ scan: NameScan) {
        self.object = object
        self.fileSystem = fileSystem
        self.scan = scan
    }

    func compare(
        _ directory: Directory, _ path: String, _ descriptor: Descriptor
    ) throws(StoreError) -> Result {
        var result = Result()
        func report(_ name: String, _ kind: Damage.Kind, _ message: String) {
            result.damages.append(
                Damage(object, name.isEmpty ? path : joined(path, name), kind, message))
        }
        let own = try fileSystem.status(of: descriptor)
        if own.permissions != StoreMode.directory {
            report("", .mode, "has the mode \(octal(own.permissions)), not 0555")
        }
        if own.modifiedAt != StoreTime.nanoseconds { report("", .time, "has another time") }
        var found = Set(try fileSystem.names(in: descriptor))
        /// The status of what should be there, unless it is not, or is something else.
        func expect(_ name: String, _ kind: FileStatus.Kind) throws(StoreError) -> FileStatus? {
            found.remove(Array(name.utf8))
            guard let status = try fileSystem.status(at: Place(descriptor, name)) else {
                report(name, .missing, "is missing")
                return nil
            }
            guard status.kind == kind else {
                report(name, .kind, "is a \(status.kind), not a \(kind)")
                return nil
            }
            if kind != .directory, status.modifiedAt != StoreTime.nanoseconds {
                report(name, .time, "has another time")
            }
            return status
        }
        for child in directory.directories { _ = try expect(child.name, .directory) }
        for symlink in directory.symlinks {
            guard try expect(symlink.name, .symlink) != nil else { continue }
            let target = try fileSystem.readLink(Place(descriptor, symlink.name))
            if !target.elementsEqual(symlink.target.utf8) {
                report(symlink.name, .target, "leads to another file")
            }
        }
        for file in directory.files {
            guard let status = try expect(file.name, .regular) else { continue }
            let blob = Blob(digest: file.digest, isExecutable: file.isExecutable)
            if status.permissions != blob.permissions {
                report(
                    file.name, .mode,
                    "has the mode \(octal(status.permissions)), not \(octal(blob.permissions))")
            }
            guard status.sizeBytes == file.digest.sizeBytes else {
                report(
                    file.name, .size,
                    "has \(status.sizeBytes) bytes, not \(file.digest.sizeBytes)")
                continue
            }
            let place = Place(descriptor, file.name)
            let content = try FileContent(fileSystem, place, buffer, scan)
            if content.digest != file.digest { report(file.name, .content, "has another content") }
            if let blank = content.blankDigest {
                result.ownNames.append(
                    OwnName(
                        path: joined(path, file.name), offsets: content.ownOffsets,
                        blankDigest: blank))
            }
        }
        for name in found.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            report(String(decoding: name, as: UTF8.self), .extra, "does not belong there")
        }
        return result
    }

    private func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
