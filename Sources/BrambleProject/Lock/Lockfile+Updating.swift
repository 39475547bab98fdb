package import BrambleModel
import Glibc
import SourceDiagnostics

extension Lockfile {
    /// Why a lock file was not updated.
    package enum UpdateFailure: Error {
        case mismatch(Mismatch)
        /// The mode forbids the change.
        case isLocked
        case unreadable(DiagnosticList)
        case files(ProjectError)
    }

    /// The lock file of a project; empty if there is none.
    ///
    /// - Parameters:
    ///   - root: The project's folder.
    ///   - name: What messages call the file.
    /// - Throws: `unreadable`, `files`.
    package static func read(
        in root: String, named name: String = fileName
    ) throws(UpdateFailure) -> Lockfile {
        let bytes: [UInt8]?
        do throws(ProjectError) {
            bytes = try Folder(root).read(fileName)
        } catch {
            throw .files(error)
        }
        guard let bytes else { return Lockfile() }
        do throws(DiagnosticList) {
            return try Lockfile(SourceFile(name: name, bytes: bytes))
        } catch {
            throw .unreadable(error)
        }
    }

    /// Adds facts to the lock file of a project. Of processes that do so at once none loses any: each
    /// reads the file again while it holds a lock on the project's folder (man 2 flock), and puts a
    /// new file in its place. A file that says all of it already is not touched.
    ///
    /// - Returns: What the file says now.
    package static func update(
        in root: String, urlHashes: [URLHash], gitPins: [GitPin], mode: LockMode
    ) throws(UpdateFailure) -> Lockfile {
        let folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .files(systemFailure("open", root)) }
        defer { close(folder) }
        while flock(folder, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .files(systemFailure("flock", root)) }
        }
        let old = try read(in: root)
        let new: Lockfile
        do throws(Mismatch) {
            new = try old.merging(urlHashes: urlHashes, gitPins: gitPins)
        } catch {
            throw .mismatch(error)
        }
        if new == old { return old }
        guard mode.allowsLockChange else { throw .isLocked }
        do throws(ProjectError) {
            try HostFile.replace(root + "/" + fileName, with: Array(new.text.utf8))
        } catch {
            throw .files(error)
        }
        return new
    }

    /// Puts this lock file in the place of a project's.
    ///
    /// - Throws: `inputOutput`.
    package func write(in root: String) throws(ProjectError) {
        try HostFile.replace(root + "/" + Lockfile.fileName, with: Array(text.utf8))
    }
}
