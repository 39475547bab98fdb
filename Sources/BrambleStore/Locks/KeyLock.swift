package import BrambleModel

/// The right to build a key: one process in the world of this store has it, until it gives it back
/// or dies.
///
/// It is a lock of the kernel on one byte of one file that all keys share, so it cannot be left behind, and nothing is
/// made or removed for it. (A file for each key was measured to take a tenth of the time of small builds on ext4: it gives
/// no inode out again within seconds of its removal, and walks over all that were removed to find another.)
package struct KeyLock: ~Copyable {
    private let fileSystem: any FileSystem
    private let descriptor: Descriptor

    fileprivate init(_ fileSystem: any FileSystem, _ descriptor: Descriptor) {
        self.fileSystem = fileSystem
        self.descriptor = descriptor
    }

    deinit {
        fileSystem.close(descriptor)
    }
}

extension LocalStore {
    /// Takes the lock of a key, unless another process, or another task of this one, has it. Then what that one was
    /// building is probably there when it has given it back: look before building it again.
    package func tryLock(_ key: BuildKey) throws(StoreError) -> KeyLock? {
        // Locks belong to what was opened: each needs an opening of its own.
        let descriptor = try fileSystem.open(
            Place(folder.locks, LocalStore.keyLocksName), .openOrCreate(0o600))
        do throws(StoreError) {
            if try fileSystem.lock(descriptor, byte: LocalStore.lockByte(of: key)) {
                return KeyLock(fileSystem, descriptor)
            }
        } catch {
            fileSystem.close(descriptor)
            throw error.during("cannot lock the build `\(key)`")
        }
        fileSystem.close(descriptor)
        return nil
    }

    private static let keyLocksName = "builds"

    /// The first 60 bits of a key: 12 digits of 5 bits each (RFC 4648, section 6). Two keys that have
    /// them in common are built one after the other.
    static func lockByte(of key: BuildKey) -> Int {
        key.description.utf8.prefix(12).reduce(0) { number, digit in
            let value =
                digit >= UInt8(ascii: "a")
                ? digit - UInt8(ascii: "a") : digit - UInt8(ascii: "2") + 26
            return number << 5 | Int(value)
        }
    }
}
