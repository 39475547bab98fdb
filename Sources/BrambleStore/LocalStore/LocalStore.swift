package import BrambleModel
internal import Glibc
internal import Synchronization

/// A store on this machine: a folder of objects, with an index of them.
///
/// Its methods block, on the disk and on other processes; code of the cooperative pool calls them
/// through `Blocking.run`. Any number of processes and threads may use one folder at once.
package final class LocalStore: Sendable {
    /// What a store is given besides its folder.
    package struct Options: Sendable {
        package var fileSystem: any FileSystem = POSIXFileSystem()
        /// Seconds since 1970.
        package var clock: @Sendable () -> Int = { Int(time(nil)) }
        /// What tells one start of the machine from the next.
        package var bootID: String = BootID.current
        /// Called before each transaction of the index, and before it is committed.
        package var databaseProbe: @Sendable () throws(StoreError) -> Void = {}
        /// Whether an index that is lost is made anew, with nothing in it, for `reindex` to fill.
        /// Otherwise such a store cannot be opened: to everybody who asks it would have nothing,
        /// and a collection would remove all of it.
        package var remakesIndex = false

        package init() {}
    }

    let folder: StoreFolder
    let session: Session
    let blobFolder: BlobFolder
    let index: Index
    let workers = Workers.standard
    let options: Options
    /// Whether all objects that may not be on the disk yet were added since the machine was started.
    let hasNoOldObjects = Atomic(false)

    var fileSystem: any FileSystem { options.fileSystem }

    /// Opens the store in a folder, and makes it if there is none.
    ///
    /// - Parameter path: Absolute.
    /// - Throws: `incompatible` for a folder of something else, or of another version; `indexLost`;
    ///   failures of system calls and of the index.
    package convenience init(_ path: String, options: Options = Options()) throws(StoreError) {
        let folder = try StoreFolder(path, options.fileSystem)
        do throws(StoreError) {
            let session = try Session(in: folder)
            try session.checkOwner()
            self.init(folder, session, try LocalStore.openIndex(folder, options), options)
        } catch {
            throw error.during("cannot open the store `\(path)`")
        }
    }

    private init(_ folder: StoreFolder, _ session: Session, _ index: Index, _ options: Options) {
        self.folder = folder
        self.session = session
        self.index = index
        self.options = options
        blobFolder = BlobFolder(
            fileSystem: options.fileSystem, directory: folder.blobs, session: session)
    }

    /// Opens the store once more, for a part of what this process does: what is leased and added by the new one is kept from
    /// being collected only until it is gone.
    package func reopened() throws(StoreError) -> LocalStore {
        LocalStore(folder, try Session(in: folder), index, options)
    }

    private static func openIndex(
        _ folder: StoreFolder, _ options: Options
    ) throws(StoreError) -> Index {
        let path = "\(folder.path)/\(indexFile)"
        func open() throws(StoreError) -> Index {
            try Index(
                path: path,
                Index.Opening(
                    probe: options.databaseProbe, remakes: options.remakesIndex,
                    isMissed: { () throws(StoreError) in
                        try !options.fileSystem.names(in: folder.objects).isEmpty
                    }))
        }
        do throws(StoreError) {
            return try open()
        } catch {
            guard error.code == .indexLost, options.remakesIndex else { throw error }
        }
        // It cannot be read, so nothing in it can be lost.
        for suffix in ["", "-wal", "-shm"] {
            try options.fileSystem.removeTree(Place(folder.root, indexFile + suffix))
        }
        return try open()
    }

    private static let indexFile = "index.sqlite"

    /// Removes what this process has on disk for itself. To be called when nothing more is to be
    /// done with the store, by who cannot wait for the last reference to it to go.
    package func close() {
        index.settle()
        session.end()
    }

    /// The folder that the store is in.
    package var path: String { folder.path }

    /// Where an object is on this machine, whether it is there or not.
    package func diskPath(of name: StoreName) -> String {
        "\(folder.path)/store/\(name)"
    }

    func copier(scan: NameScan? = nil, ownName: Int? = nil) -> TreeCopier {
        TreeCopier(
            fileSystem: fileSystem, blobs: blobFolder, workers: workers, scan: scan,
            ownName: ownName)
    }
}

/// Names the time since the machine was started (man 5 proc_sys_kernel, `random/boot_id`).
package enum BootID {
    package static let current: String = {
        let path = "/proc/sys/kernel/random/boot_id"
        var buffer = [UInt8](repeating: 0, count: 36)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "unknown" }
        defer { close(descriptor) }
        let count = read(descriptor, &buffer, buffer.count)
        return count == buffer.count ? String(decoding: buffer, as: UTF8.self) : "unknown"
    }()
}
