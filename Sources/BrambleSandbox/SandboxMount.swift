/// Something at a path of the sandbox. Folders on the way to it come by themselves.
///
/// Always there, unless a mount takes their place: `/proc`, `/dev`, `/tmp`, and in `/etc` the files `passwd`,
/// `group` and `hosts`. The root itself cannot be written to.
package struct SandboxMount: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The host's file or folder, as an absolute path; it cannot be changed.
        case readOnly(String)
        /// The host's file or folder, as an absolute path; what is written is written there.
        case writable(String)
        /// An empty folder that can be written to and goes with the sandbox.
        case scratch
        /// A folder that cannot be written to. With mode 0111, what is in it must be known by name.
        case directory(mode: UInt16)
        /// A file with a text, which cannot be written to.
        case file(String)
        /// A symbolic link to a path inside the sandbox.
        case link(String)
        /// Covers what another mount has at this path by something empty.
        case hidden
    }

    /// Absolute and without `.`, `..` or empty parts.
    package var path: String
    package var kind: Kind

    package init(_ path: String, _ kind: Kind) {
        self.path = path
        self.kind = kind
    }
}
