internal import CSQLite

/// Why SQLite has not done what it was asked to.
struct DatabaseFailure: Error, Sendable {
    /// An extended result code (sqlite.org/rescode.html).
    let code: Int32
    let message: String

    /// Whether the file is no database, or is one no more.
    var isRuin: Bool { [SQLITE_NOTADB, SQLITE_CORRUPT].contains(code & 0xFF) }
}
