package import BrambleModel
internal import Glibc

/// The right to build a key: one process in the world of this store has it, until it gives it back
/// or dies.
///
/// It is a lock of the kernel on a file, so it cannot be left behind; the file holds the owner's
/// process number, for people who wonder what they wait for.
package struct KeyLock: ~Copyable {
    private let fileSystem: any FileSystem
    private let place: Place
    private let descriptor: Descriptor

    fileprivate init(_ fileSystem: any FileSystem, _ place: Place, _ descriptor: Descriptor) {
        self.fileSystem = fileSystem
        self.place = place
        self.descriptor = descriptor
    }

    deinit {
        // Whoever waits for this file finds that it is not there any more, and makes a new one. If
        // it cannot be removed it is locked again by the next one; nothing depends on its going.
        try? fileSystem.removeFile(place)
        fileSystem.close(descriptor)
    }
}

extension LocalStore {
    /// Takes the lock of a key, and waits if another process, or another task of this one, has it.
    /// Then what that one was building is probably there: look before building it again.
    ///
    /// - Parameter onWait: Called once if there is something to wait for, with the owner's process
    ///   number if it is known.
    package func lock(
        _ key: BuildKey, onWait: (_ owner: Int?) -> Void = { _ in }
    ) throws(StoreError) -> KeyLock {
        let place = Place(folder.locks, key.description)
        var hasWaited = false
        while true {
            let descriptor = try fileSystem.open(place, .openOrCreate(0o600))
            do throws(StoreError) {
                if try !fileSystem.lock(descriptor, wait: false) {
                    if !hasWaited { onWait(owner(descriptor)) }
                    hasWaited = true
                    _ = try fileSystem.lock(descriptor, wait: true)
                }
                if try isStillThere(descriptor, place) {
                    try writeOwner(descriptor)
                    return KeyLock(fileSystem, place, descriptor)
                }
            } catch {
                fileSystem.close(descriptor)
                throw error.during("cannot lock the build `\(key)`")
            }
            fileSystem.close(descriptor)
        }
    }

    /// Takes the lock of a key if nobody has it.
    package func tryLock(_ key: BuildKey) throws(StoreError) -> KeyLock? {
        let place = Place(folder.locks, key.description)
        let descriptor = try fileSystem.open(place, .openOrCreate(0o600))
        do throws(StoreError) {
            if try fileSystem.lock(descriptor, wait: false), try isStillThere(descriptor, place) {
                try writeOwner(descriptor)
                return KeyLock(fileSystem, place, descriptor)
            }
        } catch {
            fileSystem.close(descriptor)
            throw error.during("cannot lock the build `\(key)`")
        }
        fileSystem.close(descriptor)
        return nil
    }

    /// Whether the file that was locked is the one that others will try to lock.
    private func isStillThere(
        _ descriptor: Descriptor, _ place: Place
    ) throws(StoreError) -> Bool {
        let locked = try fileSystem.status(of: descriptor)
        let current = try fileSystem.status(at: place)
        return current?.inode == locked.inode && current?.device == locked.device
    }

    private func writeOwner(_ descriptor: Descriptor) throws(StoreError) {
        try fileSystem.truncate(descriptor, to: 0)
        let text = Array("\(getpid())\n".utf8)
        try text.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try fileSystem.write(descriptor, UnsafeRawBufferPointer(bytes), at: 0)
        }
    }

    private func owner(_ descriptor: Descriptor) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = bytes.withUnsafeMutableBufferPointer { buffer in
            // For a message only; without it the message says less.
            try? fileSystem.read(descriptor, into: UnsafeMutableRawBufferPointer(buffer), at: 0)
        }
        return Int(String(decoding: bytes.prefix(count ?? 0), as: UTF8.self).dropLast())
    }
}
