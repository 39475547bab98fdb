import BrambleModel
import BrambleProject

/// What is locked: by the project's own lock file, and by those of the packages that it depends on.
///
/// What a package has locked holds where the project's lock file says nothing: who uses a package
/// gets what its authors have got, and a project may say otherwise. Only the project's own lock file
/// is ever written.
struct LockedFacts {
    let own: Lockfile
    private let packages: Lockfile

    /// All facts: one for each fetch.
    var all: Lockfile { own.adding(packages) }

    init(own: Lockfile, packages: Lockfile = Lockfile()) {
        self.own = own
        self.packages = packages
    }

    func with(own: Lockfile) -> LockedFacts { LockedFacts(own: own, packages: packages) }
}

extension Workspace {
    /// Reads the lock files of the project and of what it depends on.
    ///
    /// - Throws: `configuration` for mistakes in one; `lock` if two packages have locked one fetch
    ///   differently, and the project does not say which it is; `files`.
    func readLocks(_ evaluation: Evaluation) throws(BrambleError) -> LockedFacts {
        let own = try locking { () throws(Lockfile.UpdateFailure) in
            try Lockfile.read(in: location.root)
        }
        var packages = Lockfile()
        for package in evaluation.packages {
            let lock = try locking { () throws(Lockfile.UpdateFailure) in
                try Lockfile.read(
                    in: package.folder, named: package.folder + "/" + Lockfile.fileName)
            }.removing(own)
            do throws(Lockfile.Mismatch) {
                packages = try packages.merging(urlHashes: lock.urlHashes, gitPins: lock.gitPins)
            } catch {
                throw BrambleError(
                    .lock,
                    "packages have locked `\(error.subject)` as `\(error.expected)` and, `\(package.name)`, as "
                        + "`\(error.actual)`",
                    hint: "write the one that is right into this project's `\(Lockfile.fileName)`")
            }
        }
        return LockedFacts(own: own, packages: packages)
    }
}
