package import BrambleStore
internal import Glibc
internal import Synchronization

/// A file system that fails at the n-th call, and at every one after it if it is to look like a
/// full disk or a killed process.
package final class FaultyFileSystem: FileSystem {
    private let base = POSIXFileSystem()
    private let faults: CallFaults
    private let sharing: Sharing

    /// What this file system can share between files.
    package enum Sharing: Sendable {
        /// What the real one can.
        case real
        /// Blocks, and no links: as across file systems that share blocks.
        case blocks
        /// Nothing.
        case nothing
    }

    package init(_ faults: CallFaults = CallFaults(), sharing: Sharing = .real) {
        self.faults = faults
        self.sharing = sharing
    }

    private func call(_ name: String) throws(StoreError) {
        try faults.count(name)
    }

    package func open(_ place: Place, _ mode: OpenMode) throws(StoreError) -> Descriptor {
        try call("open")
        return try base.open(place, mode)
    }

    package func close(_ descriptor: Descriptor) { base.close(descriptor) }

    package func read(
        _ descriptor: Descriptor, into buffer: UnsafeMutableRawBufferPointer
    ) throws(StoreError) -> Int {
        try call("read")
        return try base.read(descriptor, into: buffer)
    }

    package func read(
        _ descriptor: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(StoreError) -> Int {
        try call("pread")
        return try base.read(descriptor, into: buffer, at: offset)
    }

    package func write(
        _ descriptor: Descriptor, _ bytes: UnsafeRawBufferPointer
    ) throws(StoreError) {
        try call("write")
        try base.write(descriptor, bytes)
    }

    package func write(
        _ descriptor: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(StoreError) {
        // A full disk takes a part of what is written.
        do throws(StoreError) {
            try call("pwrite")
        } catch {
            let half = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])
            try base.write(descriptor, half, at: offset)
            throw error
        }
        try base.write(descriptor, bytes, at: offset)
    }

    package func truncate(_ descriptor: Descriptor, to sizeBytes: Int) throws(StoreError) {
        try call("ftruncate")
        try base.truncate(descriptor, to: sizeBytes)
    }

    package func clone(_ source: Descriptor, to target: Descriptor) throws(StoreError) {
        try call("clone")
        switch sharing {
        case .real: try base.clone(source, to: target)
        case .blocks: try copy(source, to: target)
        case .nothing: throw StoreError(call: "clone", path: "refused", number: EOPNOTSUPP)
        }
    }

    /// Looks like sharing blocks.
    private func copy(_ source: Descriptor, to target: Descriptor) throws(StoreError) {
        var bytes = [UInt8](repeating: 0, count: try base.status(of: source).sizeBytes)
        try bytes.withUnsafeMutableBufferPointer { (buffer) throws(StoreError) in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            _ = try base.read(source, into: buffer, at: 0)
            try base.write(target, UnsafeRawBufferPointer(buffer), at: 0)
        }
    }

    package func status(of descriptor: Descriptor) throws(StoreError) -> FileStatus {
        try call("fstat")
        return try base.status(of: descriptor)
    }

    package func status(at place: Place) throws(StoreError) -> FileStatus? {
        try call("stat")
        return try base.status(at: place)
    }

    package func names(in directory: Descriptor) throws(StoreError) -> [[UInt8]] {
        try call("readdir")
        return try base.names(in: directory)
    }

    package func readLink(_ place: Place) throws(StoreError) -> [UInt8] {
        try call("readlink")
        return try base.readLink(place)
    }

    package func makeDirectory(_ place: Place, permissions: UInt32) throws(StoreError) {
        try call("mkdir")
        try base.makeDirectory(place, permissions: permissions)
    }

    package func makeLink(
        _ existing: Place, at place: Place
    ) throws(StoreError) -> LinkOutcome {
        try call("link")
        guard sharing == .real else {
            return try base.status(at: existing) == nil ? .isMissing : .isRefused
        }
        return try base.makeLink(existing, at: place)
    }

    package func makeSymlink(to target: String, at place: Place) throws(StoreError) {
        try call("symlink")
        try base.makeSymlink(to: target, at: place)
    }

    package func rename(_ place: Place, to target: Place) throws(StoreError) {
        try call("rename")
        try base.rename(place, to: target)
    }

    package func removeFile(_ place: Place) throws(StoreError) {
        try call("unlink")
        try base.removeFile(place)
    }

    package func removeDirectory(_ place: Place) throws(StoreError) {
        try call("rmdir")
        try base.removeDirectory(place)
    }

    package func setPermissions(
        _ descriptor: Descriptor, _ permissions: UInt32
    ) throws(StoreError) {
        try call("fchmod")
        try base.setPermissions(descriptor, permissions)
    }

    package func setPermissions(_ place: Place, _ permissions: UInt32) throws(StoreError) {
        try call("fchmodat")
        try base.setPermissions(place, permissions)
    }

    package func setTimes(_ descriptor: Descriptor, seconds: Int) throws(StoreError) {
        try call("futimens")
        try base.setTimes(descriptor, seconds: seconds)
    }

    package func setTimes(_ place: Place, seconds: Int) throws(StoreError) {
        try call("utimensat")
        try base.setTimes(place, seconds: seconds)
    }

    package func sync(_ descriptor: Descriptor) throws(StoreError) {
        try call("syncfs")
        try base.sync(descriptor)
    }

    package func hasWriters(_ descriptor: Descriptor) -> Bool {
        do throws(StoreError) {
            try call("fcntl")
        } catch {
            return true
        }
        return base.hasWriters(descriptor)
    }

    package func lock(_ descriptor: Descriptor) throws(StoreError) -> Bool {
        try call("flock")
        return try base.lock(descriptor)
    }

    package func lock(_ descriptor: Descriptor, byte: Int) throws(StoreError) -> Bool {
        try call("fcntl")
        return try base.lock(descriptor, byte: byte)
    }
}
