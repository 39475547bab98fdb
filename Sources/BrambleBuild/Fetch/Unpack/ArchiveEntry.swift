internal import BrambleModel

/// A member of an archive, checked as far as it can be alone.
struct ArchiveEntry {
    enum Kind: Hashable {
        case directory
        case file(isExecutable: Bool)
        /// A symbolic link; the target is as it stands in the archive.
        case symlink(target: String)
        /// Another name for a file that came before; nil if that is stripped.
        case hardLink(target: RelativePath?)
    }

    /// Where it is to be; nil if `strip_components` leaves nothing of the name.
    let path: RelativePath?
    let kind: Kind
    /// As the archive has it, for messages.
    let name: String
}

/// The rules for names in archives.
enum EntryName {
    /// A name as text.
    ///
    /// - Throws: It is not UTF-8, or has control characters: no honest archive has them, and they
    ///   mislead whoever reads a listing.
    static func text(_ bytes: UnsafePointer<CChar>?) throws(FetchError) -> String {
        guard let bytes else { throw refused("an entry has no name that can be read") }
        guard let text = String(validatingCString: bytes) else {
            throw refused("the name \(quoted(String(cString: bytes))) is not UTF-8")
        }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw refused("the name \(quoted(text)) has control characters")
        }
        return text
    }

    /// The path that a name means, without its first components.
    ///
    /// Components `.` and empty ones are left out, as `tar` writes them.
    ///
    /// - Returns: nil if nothing is left.
    /// - Throws: It leads out of the directory, or is too long.
    static func path(_ name: String, stripping count: Int) throws(FetchError) -> RelativePath? {
        if name.isEmpty { throw refused("an entry has an empty name") }
        if name.utf8.first == UInt8(ascii: "/") {
            throw refused("the name \(quoted(name)) is absolute")
        }
        // By bytes: a combining character behind a slash would hide it from `Character`.
        let parts = name.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            .filter { $0 != "." }
        if parts.contains("..") { throw refused("the name \(quoted(name)) has a component `..`") }
        guard parts.count > count else { return nil }
        do throws(Fault) {
            return try RelativePath(parts.dropFirst(count).joined(separator: "/"))
        } catch {
            throw refused(error.message)
        }
    }

    private static func refused(_ message: String) -> FetchError {
        FetchError(.archive, message)
    }
}
