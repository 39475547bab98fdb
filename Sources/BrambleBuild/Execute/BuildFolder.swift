import BrambleModel
import BrambleStore
import Glibc

/// What one run of a builder writes to, on disk.
struct BuildFolder {
    let path: String

    /// `/build` of the sandbox.
    var work: String { path + "/build" }

    func path(of output: OutputName) -> String { path + "/outputs/\(output)" }

    /// Makes the directories, and fills in the sources.
    ///
    /// - Parameter path: An empty directory.
    /// - Throws: `StoreError`.
    init(
        in path: String, outputs: [OutputName], sources: StoreName?, base: RelativePath?,
        store: LocalStore
    ) throws(StoreError) {
        self.path = path
        try BuildFolder.make(path + "/build")
        try BuildFolder.make(path + "/outputs")
        for output in outputs { try BuildFolder.make(path + "/outputs/\(output)") }
        if let sources {
            try store.copyOut(
                sources, to: path + "/build", modifiedAt: BuildWorld.sourceDate)
        }
        // The directory that the builder starts in may have none of the sources.
        var inner = path + "/build"
        for component in base?.description.split(separator: "/") ?? [] {
            inner += "/\(component)"
            try BuildFolder.make(inner)
            // Behind a symlink among the sources there may be anything of this machine.
            guard BuildFolder.isDirectory(inner) else {
                throw StoreError(
                    .unsupported,
                    "the builder cannot start in `\(base?.description ?? "")`: `\(component)` in it "
                        + "is a source, and no directory")
            }
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func make(_ path: String) throws(StoreError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw StoreError(call: "mkdir", path: path, number: errno)
        }
    }
}
