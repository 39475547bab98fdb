package import BrambleModel
internal import Glibc

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

        package init() {}
    }

    let folder: StoreFolder
    let session: Session
    let blobFolder: BlobFolder
    let index: Index
    let workers = Workers.standard
    let options: Options

    var fileSystem: any FileSystem { options.fileSystem }

    /// Opens the store in a folder, and makes it if there is none.
    ///
    /// - Parameter path: Absolute.
    /// - Throws: `incompatible` for a folder of something else, or of another version; failures of
    ///   system calls and of the index.
    package init(_ path: String, options: Options = Options()) throws(StoreError) {
        self.options = options
        folder = try StoreFolder(path, options.fileSystem)
        do throws(StoreError) {
            session = try Session(in: folder)
            blobFolder = BlobFolder(
                fileSystem: options.fileSystem, directory: folder.blobs, session: session)
            index = try Index(path: "\(path)/index.sqlite", probe: options.databaseProbe)
        } catch {
            throw error.during("cannot open the store `\(path)`")
        }
    }

    /// Removes what this process has on disk for itself. To be called when nothing more is to be
    /// done with the store, by who cannot wait for the last reference to it to go.
    package func close() { session.end() }

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
