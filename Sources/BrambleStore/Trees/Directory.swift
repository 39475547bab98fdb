package import BrambleModel
internal import Glibc

/// One directory of a tree, as the Remote Execution API knows it (REAPI v2, `Directory`): what it
/// holds, by name and digest. Its own digest is that of `encoded`.
package struct Directory: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package let name: String
        package var digest: Digest
        package let isExecutable: Bool

        package init(name: String, digest: Digest, isExecutable: Bool) {
            self.name = name
            self.digest = digest
            self.isExecutable = isExecutable
        }
    }

    package struct Subdirectory: Hashable, Sendable {
        package let name: String
        package var digest: Digest

        package init(name: String, digest: Digest) {
            self.name = name
            self.digest = digest
        }
    }

    package struct Symlink: Hashable, Sendable {
        package let name: String
        package var target: String

        package init(name: String, target: String) {
            self.name = name
            self.target = target
        }
    }

    /// Each list is sorted by the bytes of the names.
    package var files: [File]
    package var directories: [Subdirectory]
    package var symlinks: [Symlink]

    /// - Parameters: Lists in any order; no name may be in them twice, which is not checked here
    ///   but where they come from: a file system, or `init(decoding:)`.
    package init(
        files: [File] = [], directories: [Subdirectory] = [], symlinks: [Symlink] = []
    ) {
        self.files = files.sorted { $0.name.precedes($1.name) }
        self.directories = directories.sorted { $0.name.precedes($1.name) }
        self.symlinks = symlinks.sorted { $0.name.precedes($1.name) }
    }
}

extension String {
    /// The order of the bytes, which `<` of `String` does not keep.
    func precedes(_ other: String) -> Bool {
        var (left, right) = (self, other)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                UnsafeRawBufferPointer(left).precedes(UnsafeRawBufferPointer(right))
            }
        }
    }
}

extension [UInt8] {
    func precedes(_ other: [UInt8]) -> Bool {
        withUnsafeBytes { left in other.withUnsafeBytes { right in left.precedes(right) } }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        if let left = baseAddress, let right = other.baseAddress {
            let order = memcmp(left, right, Swift.min(count, other.count))
            if order != 0 { return order < 0 }
        }
        return count < other.count
    }
}
