import BrambleBuild
import BrambleModel
import BrambleSandbox
import BrambleStore
import Glibc

/// The working directory of an action, on a worker: what the engine has put there is made what a sandbox of this
/// machine would have, and what the builder leaves is made what an engine takes along.
struct ActionRoom {
    /// An absolute path.
    let folder: String

    /// An order is a command and the names of its inputs: 64 MiB are more than any.
    private static let maximumBytes = 64 << 20
    private static let partBytes = 1 << 20

    private let files = POSIXFileSystem()

    init(folder: String) {
        self.folder = folder
    }

    // MARK: Before

    /// - Throws: `notFound` if there is none, `malformed` for one of another version.
    func order() throws(StoreError) -> HelperOrder {
        guard let order = try read(HelperOrder.self, HelperOrder.path),
            order.schema == HelperOrder.schema
        else {
            throw StoreError(.malformed, "this is no working directory of an action for bramble")
        }
        return order
    }

    /// Makes what engines leave out, and gives files the times and modes that they have everywhere.
    func complete(_ order: HelperOrder) throws(StoreError) {
        for object in order.objects {
            let path = HelperOrder.object(object)
            try complete(path, by: "\(object)")
            try settle(path, isWritable: false)
        }
        try complete(HelperOrder.sources, by: HelperOrder.sources)
        let start = order.directory.dropFirst(BuildWorld.directory.count)
        try makeDirectories(HelperOrder.sources + start)
        try settle(HelperOrder.sources, isWritable: true)
        for output in order.outputs { try makeDirectories(HelperOrder.output(output.name)) }
    }

    func command(_ order: HelperOrder) -> SandboxCommand {
        var mounts = BuildWorld.storeMounts(order.objects) { "\(folder)/\(HelperOrder.object($0))" }
        mounts.append(
            SandboxMount(BuildWorld.directory, .writable("\(folder)/\(HelperOrder.sources)")))
        for output in order.outputs {
            mounts.append(
                SandboxMount(
                    output.path, .writable("\(folder)/\(HelperOrder.output(output.name))")))
        }
        for link in order.links { mounts.append(SandboxMount(link.path, .link(link.target))) }
        return SandboxCommand(
            program: order.program, arguments: order.arguments, environment: order.environment,
            directory: order.directory, mounts: mounts, sharesNetwork: false,
            limits: SandboxLimits())
    }

    private func complete(_ path: String, by name: String) throws(StoreError) {
        try makeDirectories(path)
        guard let remainder = try read(TreeRemainder.self, HelperOrder.remainder(name)) else {
            return
        }
        for directory in remainder.directories { try makeDirectories("\(path)/\(directory)") }
        for link in remainder.links {
            let place = "\(folder)/\(path)/\(link.path)"
            guard symlink(link.target, place) == 0 || errno == EEXIST else {
                throw StoreError(call: "symlink", path: place, number: errno)
            }
        }
    }

    private func settle(_ path: String, isWritable: Bool) throws(StoreError) {
        let seconds = isWritable ? BuildWorld.sourceDate : 1
        try FolderWalk.visit("\(folder)/\(path)") { (place, status) throws(StoreError) in
            switch status.kind {
            case .regular where status.linkCount > 1:
                // An inode with other names is the engine's own: it is not to be changed, so what a builder may
                // write to becomes another file.
                guard isWritable else { return }
                try replaceByCopy(place, status)
            case .regular:
                try setPermissions(
                    place, (isWritable ? 0o644 : 0o444) | (status.isExecutable ? 0o111 : 0))
            case .directory: try setPermissions(place, 0o755)
            case .symlink, .other: break
            }
            try files.setTimes(place, seconds: seconds)
        }
    }

    private func replaceByCopy(_ place: Place, _ status: FileStatus) throws(StoreError) {
        let copy = Place(place.path + ".bramble-copy")
        let source = try HelperFile(place.path)
        let target = try files.open(copy, .create(status.isExecutable ? 0o755 : 0o644))
        defer { files.close(target) }
        var offset = 0
        while true {
            let bytes = try source.read(at: offset, limitBytes: ActionRoom.partBytes)
            if bytes.isEmpty { break }
            try write(bytes, to: target)
            offset += bytes.count
        }
        try files.rename(copy, to: place)
    }

    // MARK: Afterwards

    /// Takes out of an output what engines do not take along, and lets them read the rest.
    func collect(_ output: HelperOrder.Output) throws(StoreError) -> TreeRemainder {
        var remainder = TreeRemainder()
        let root = "\(folder)/\(HelperOrder.output(output.name))"
        try FolderWalk.visit(root) { (place, status) throws(StoreError) in
            let inner = String(place.path.dropFirst(root.count + 1))
            switch status.kind {
            case .symlink:
                let bytes = try files.readLink(place)
                guard let target = String(validating: bytes, as: UTF8.self) else {
                    throw StoreError(.unsupported, "the link `\(inner)` points to what is no UTF-8")
                }
                try files.removeFile(place)
                remainder.links.append(HelperOrder.Link(path: inner, target: target))
            case .directory:
                if !inner.isEmpty { remainder.directories.append(inner) }
                try setPermissions(place, status.permissions & 0o777 | 0o700)
            case .regular: try setPermissions(place, status.permissions & 0o777 | 0o400)
            case .other: break
            }
        }
        return remainder
    }

    func write(_ report: HelperReport) throws(StoreError) {
        guard let bytes = try? CanonicalJSON.encode(report) else {
            preconditionFailure("a report that cannot be written")
        }
        // Engines may have made it beforehand.
        let file = try files.open(Place("\(folder)/\(HelperReport.path)"), .openOrCreate(0o644))
        defer { files.close(file) }
        try write(bytes, to: file)
    }

    // MARK: Files

    /// - Returns: nil if there is no such file.
    private func read<Value: Decodable>(
        _ type: Value.Type, _ path: String
    ) throws(StoreError) -> Value? {
        let path = "\(folder)/\(path)"
        guard access(path, F_OK) == 0 else { return nil }
        let bytes = try files.contents(of: Place(path), limitBytes: ActionRoom.maximumBytes)
        guard let value = try? CanonicalJSON.decode(type, from: bytes) else {
            throw StoreError(.malformed, "`\(path)` is not what it should be")
        }
        return value
    }

    private func write(_ bytes: [UInt8], to file: Descriptor) throws(StoreError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try files.write(file, UnsafeRawBufferPointer(bytes))
        }
    }

    /// By its path: it may be one that cannot be opened.
    private func setPermissions(_ place: Place, _ permissions: UInt32) throws(StoreError) {
        guard chmod(place.path, permissions) == 0 else {
            throw StoreError(call: "chmod", path: place.path, number: errno)
        }
    }

    private func makeDirectories(_ path: String) throws(StoreError) {
        var place = folder
        for name in path.split(separator: "/") {
            place += "/\(name)"
            guard mkdir(place, 0o755) == 0 || errno == EEXIST else {
                throw StoreError(call: "mkdir", path: place, number: errno)
            }
        }
    }
}

/// Walks over a folder without following links.
enum FolderWalk {
    /// Calls for each entry by its absolute path, the folder itself included: for a folder before what is in it
    /// is listed, so that it can be made readable.
    static func visit(
        _ folder: String, _ body: (_ place: Place, _ status: FileStatus) throws(StoreError) -> Void
    ) throws(StoreError) {
        let files = POSIXFileSystem()
        var pending = [folder]
        while let path = pending.popLast() {
            guard let status = try files.status(at: Place(path)) else { continue }
            try body(Place(path), status)
            guard status.kind == .directory else { continue }
            let directory = try files.open(Place(path), .directory)
            defer { files.close(directory) }
            for name in try files.names(in: directory) {
                guard let text = String(validating: name, as: UTF8.self) else {
                    throw StoreError(.unsupported, "a name in `\(path)` is no UTF-8")
                }
                pending.append("\(path)/\(text)")
            }
        }
    }
}
