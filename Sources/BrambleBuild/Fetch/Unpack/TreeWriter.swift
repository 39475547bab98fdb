internal import BrambleModel
import Glibc

/// Writes a tree of files below a new directory, and nothing outside of it, whatever it is told.
///
/// Two things see to that. Every path is walked component by component from the descriptor of the
/// directory, never through a symbolic link (`O_NOFOLLOW`). And symbolic links are made last, by
/// `finish`, when it is known where all of them lead: until then there is none to be followed.
final class TreeWriter {
    /// What is at a path.
    enum Node: Hashable {
        case directory
        case file
        case symlink(target: String)
    }

    /// By paths as they are compared on file systems that do not tell cases apart, or normalise
    /// Unicode: in lower case, and equal if canonically equivalent, which is `==` of `String`.
    private(set) var nodes: [String: (path: RelativePath, node: Node)] = [:]

    private let root: OpenFile
    private let limits: UnpackLimits
    /// The directory that was used last, component by component, without the root.
    private var open: [(name: String, directory: OpenedDirectory)] = []

    /// A class, because arrays can't hold values that can't be copied.
    private final class OpenedDirectory {
        let file: OpenFile
        init(_ file: consuming OpenFile) { self.file = file }
    }

    /// Makes the directory, which must not exist.
    init(newDirectory path: String, limits: UnpackLimits) throws(FetchError) {
        guard mkdir(path, 0o755) == 0 else { throw .systemCall("mkdir", path) }
        root = try OpenFile(path: path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        self.limits = limits
    }

    /// Makes a directory, and those above it. It may be there already.
    func addDirectory(_ path: RelativePath) throws(FetchError) {
        _ = try directory(path.description)
    }

    /// Makes an empty file. Only the owner's permission to execute counts: no other bits of modes, no
    /// owners and no times are kept.
    func addFile(_ path: RelativePath, isExecutable: Bool) throws(FetchError) -> OpenFile {
        let (parent, name) = try place(path, .file)
        let descriptor = openat(
            parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .systemCall("create", path.description) }
        let file = OpenFile(owning: descriptor)
        guard fchmod(descriptor, isExecutable ? 0o755 : 0o644) == 0 else {
            throw .systemCall("fchmod", path.description)
        }
        return file
    }

    /// Notes a symbolic link, for `finish`.
    func addSymlink(_ path: RelativePath, target: String) throws(FetchError) {
        _ = try place(path, .symlink(target: target))
    }

    /// Makes another name for a file, or copies a symbolic link.
    ///
    /// - Throws: Also if no such thing came before.
    func addHardLink(_ path: RelativePath, to target: RelativePath) throws(FetchError) {
        switch node(at: target) {
        case .symlink(let text):
            try addSymlink(path, target: text)
        case .file:
            // The parent of the second may close the descriptors above the first.
            let (first, firstName) = try parent(of: target)
            let source = OpenFile(owning: fcntl(first, F_DUPFD_CLOEXEC, 0))
            let (second, secondName) = try place(path, .file)
            guard linkat(source.descriptor, firstName, second, secondName, 0) == 0 else {
                throw .systemCall("link", path.description)
            }
        case .directory, nil:
            throw FetchError(
                .archive,
                "the hard link \(quoted(path.description)) leads to \(quoted(target.description)), "
                    + "which is no file that came before")
        }
    }

    /// Makes the symbolic links.
    ///
    /// - Throws: One of them leads out of the tree.
    func finish() throws(FetchError) {
        for (path, node) in nodes.values.sorted(by: { $0.path < $1.path }) {
            guard case .symlink(let target) = node else { continue }
            try SymlinkCheck(lookup: self.node(at:)).check(path, target: target)
        }
        for (path, node) in nodes.values.sorted(by: { $0.path < $1.path }) {
            guard case .symlink(let target) = node else { continue }
            let (parent, name) = try parent(of: path)
            guard symlinkat(target, parent, name) == 0 else {
                throw .systemCall("symlink", path.description)
            }
        }
    }

    private func node(at path: RelativePath) -> Node? {
        guard let found = nodes[folded(path.description)], found.path == path else { return nil }
        return found.node
    }

    /// Claims a path for something that can be there only once.
    private func place(
        _ path: RelativePath, _ node: Node
    ) throws(FetchError) -> (parent: Int32, name: String) {
        let place = try parent(of: path)
        try claim(path, node)
        return place
    }

    /// - Returns: Whether it is new: directories may come again.
    @discardableResult
    private func claim(_ path: RelativePath, _ node: Node) throws(FetchError) -> Bool {
        let key = folded(path.description)
        guard let earlier = nodes[key] else {
            nodes[key] = (path, node)
            return true
        }
        guard earlier.path == path else {
            throw FetchError(
                .archive,
                "\(quoted(earlier.path.description)) and \(quoted(path.description)) are one name "
                    + "where upper and lower case are not told apart")
        }
        if node == .directory, earlier.node == .directory { return false }
        throw FetchError(.archive, "\(quoted(path.description)) comes twice")
    }

    private func folded(_ path: String) -> String { path.lowercased() }

    private func parent(
        of path: RelativePath
    ) throws(FetchError) -> (parent: Int32, name: String) {
        let text = path.description
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            return (root.descriptor, text)
        }
        return (
            try directory(String(text[..<slash])), String(text[text.utf8.index(after: slash)...])
        )
    }

    /// Opens a directory, and makes it and those above it as needed.
    ///
    /// - Returns: A descriptor that is open until the next call.
    private func directory(_ path: String) throws(FetchError) -> Int32 {
        let names = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        guard names.count <= limits.depth else {
            throw FetchError(.limit, "it has more than \(limits.depth) directories in each other")
        }
        let common = zip(names, open).prefix { $0.utf8.elementsEqual($1.name.utf8) }.count
        open.removeLast(open.count - common)
        for count in common..<names.count {
            try enter(names[count], names[...count].joined(separator: "/"))
        }
        return open.last?.directory.file.descriptor ?? root.descriptor
    }

    private func enter(_ name: String, _ text: String) throws(FetchError) {
        let parent = open.last?.directory.file.descriptor ?? root.descriptor
        let path: RelativePath
        do throws(Fault) {
            path = try RelativePath(text)
        } catch {
            preconditionFailure("a path whose beginning is no path: \(error.message)")
        }
        if try claim(path, .directory), mkdirat(parent, name, 0o755) != 0 {
            throw .systemCall("mkdir", text)
        }
        let descriptor = openat(
            parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .systemCall("open", text) }
        open.append((name, OpenedDirectory(OpenFile(owning: descriptor))))
    }
}
