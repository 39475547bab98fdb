internal import BrambleModel
internal import BrambleStore
internal import Glibc
internal import SwiftProtobuf

/// Finds out what files there are when a server starts. A hundred thousand take some tenths of a second.
struct CacheScan {
    struct File {
        let key: CacheKey
        let sizeBytes: Int
        /// Seconds since 1970.
        let usedAt: Int
    }

    let folder: Int32

    /// - Returns: The files, those first that were not used for longest. What is no file of ours is left alone.
    func run() -> [File] {
        var files: [File] = []
        for kind in CacheKey.Kind.allCases {
            for number in 0..<256 { collect(kind, CacheScan.folderName(number), into: &files) }
        }
        return files.sorted { $0.usedAt < $1.usedAt }
    }

    static func folderName(_ number: Int) -> String {
        (number < 16 ? "0" : "") + String(number, radix: 16)
    }

    private func collect(_ kind: CacheKey.Kind, _ prefix: String, into files: inout [File]) {
        let path = "\(kind.folder)/\(prefix)"
        for name in CacheScan.names(in: path, of: folder) {
            guard name.hasPrefix(prefix), let hash = ContentHash(hex: name.utf8) else { continue }
            let place = Place(Descriptor(folder), "\(path)/\(name)")
            // What goes while we look is of no use.
            guard let status = (try? POSIXFileSystem().status(at: place)) ?? nil,
                status.kind == .regular
            else { continue }
            files.append(
                File(
                    key: CacheKey(kind: kind, hash: hash), sizeBytes: status.sizeBytes,
                    usedAt: Int(status.modifiedAt / 1_000_000_000)))
        }
    }

    /// The names in a folder; none if it can't be read.
    static func names(in path: String, of folder: Int32) -> [String] {
        let descriptor = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return [] }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
