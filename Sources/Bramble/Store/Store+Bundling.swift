import BrambleBuild
public import BrambleModel
import BrambleProject
import BrambleStore
import Glibc

extension Store {
    /// Objects that have left the store, with all that they refer to.
    public struct Bundle: Sendable {
        /// Something that looks like a path of the store, and was left as it is.
        public struct Remnant: Sendable {
            public let object: StoreName
            /// The file in it.
            public let path: String
            /// From the start of the file, or of what it expands to.
            public let offset: Int
            /// What it is, for people.
            public let message: String
        }

        /// Where what was asked for will be.
        public let paths: [String]
        /// All objects in it, each behind those that it refers to.
        public let objects: [StoreName]
        /// How many times the store's prefix was replaced.
        public let replacedCount: Int
        public let remnants: [Remnant]
    }

    /// Checks a prefix for `bundle`.
    ///
    /// - Throws: `usage` for one that is not absolute, too long, or no plain path.
    public static func checkPrefix(_ text: String) throws(BrambleError) {
        _ = try bundlePrefix(text)
    }

    private static func bundlePrefix(_ text: String) throws(BrambleError) -> BundlePrefix {
        do throws(StoreError) {
            return try BundlePrefix(text)
        } catch {
            throw BrambleError(
                .usage, error.message,
                hint: "name a folder by its whole path, of at most \(BundlePrefix.limitBytes) "
                    + "letters, digits and `._-+@~`")
        }
    }

    /// Copies objects, with all that they refer to, out of the store, so that they run from another
    /// folder, without Bramble: in all files the store's prefix is replaced by the folder's path,
    /// filled up with slashes.
    ///
    /// - Parameters:
    ///   - prefix: The folder in which the objects will be used: absolute, no longer than the
    ///     store's prefix.
    ///   - place: What is made: a directory, or a tar file if its name ends in `.tar`; nil for the
    ///     prefix itself.
    /// - Throws: `usage` for a prefix that cannot be one; `nothingMatched` if the store lacks
    ///   something; `wouldChange` if there is something in the place.
    public func bundle(
        _ names: [StoreName], prefix: String, to place: String? = nil
    ) throws(BrambleError) -> Bundle {
        let chosen = try Store.bundlePrefix(prefix)
        let shown = place ?? chosen.path
        let target = try Store.target(shown)
        let report =
            target.hasSuffix(".tar")
            ? try archive(names, chosen, target)
            : try directory(names, chosen, target, shown)
        return Bundle(
            paths: names.map { "\(chosen.path)/\($0)" }, objects: report.objects,
            replacedCount: report.replacedCount,
            remnants: report.remnants.map {
                Bundle.Remnant(
                    object: $0.object, path: $0.path, offset: $0.offset, message: $0.message)
            })
    }

    /// The absolute path of something that is to be made.
    private static func target(_ path: String) throws(BrambleError) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let name = parts.last, name != ".", name != ".." else {
            throw BrambleError(.usage, "`\(path)` is no place for a bundle")
        }
        let folder = parts.dropLast().joined(separator: "/")
        let shown = (path.hasPrefix("/") ? "/" : "./") + folder
        guard HostFile.exists(shown) else {
            throw BrambleError(
                .files, "cannot make `\(path)`: there is no folder `\(shown)`",
                hint: "make that folder first, or name another place with `-o`")
        }
        let parent = try BrambleError.catching { () throws(ProjectError) in
            try HostFile.absolutePath(shown)
        }
        return (parent == "/" ? "" : parent) + "/" + name
    }

    private func directory(
        _ names: [StoreName], _ prefix: BundlePrefix, _ target: String, _ shown: String
    ) throws(BrambleError) -> BundleReport {
        do throws(StoreError) {
            return try local.bundle(
                names, at: prefix, to: target, expand: CompressedContent.read)
        } catch {
            guard [ENOTEMPTY, EEXIST, ENOTDIR].contains(error.errorNumber) else {
                throw BrambleError(error)
            }
            throw BrambleError(
                .wouldChange, "`\(shown)` is there, and no empty directory",
                hint: "remove it, or name another place with `-o`")
        }
    }

    private func archive(
        _ names: [StoreName], _ prefix: BundlePrefix, _ target: String
    ) throws(BrambleError) -> BundleReport {
        let file = try DraftFile(beside: target)
        return try BrambleError.storing { () throws(StoreError) in
            let report = try local.archiveBundle(
                names, at: prefix, expand: CompressedContent.read, file.write)
            try file.publish()
            return report
        }
    }
}

/// A file that is there as a whole or not at all.
private final class DraftFile {
    private let path: String
    private let draft: String
    private let fileSystem = POSIXFileSystem()
    private let descriptor: Descriptor
    private var isPublished = false

    init(beside path: String) throws(BrambleError) {
        self.path = path
        let draft = "\(path).\(getpid())"
        self.draft = draft
        descriptor = try BrambleError.storing { [fileSystem] () throws(StoreError) in
            try fileSystem.open(Place(draft), .create(0o644))
        }
    }

    deinit {
        fileSystem.close(descriptor)
        if !isPublished { unlink(draft) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        try fileSystem.write(descriptor, bytes)
    }

    func publish() throws(StoreError) {
        try fileSystem.rename(Place(draft), to: Place(path))
        isPublished = true
    }
}
