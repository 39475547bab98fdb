/// Whether a URL's file name says that it is an archive. What kind of archive it is, its content
/// says: names lie, and a hash is of the content.
enum ArchiveExtension {
    /// In lower case.
    static let all = [
        ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst",
        ".tzst", ".zip",
    ]

    static func isArchive(fileName: String) -> Bool {
        let name = fileName.lowercased()
        return all.contains { name.hasSuffix($0) && name.utf8.count > $0.utf8.count }
    }
}
