internal import CSQLite

/// A connection to an SQLite database, for one thread at a time.
///
/// SQLite's own functions and no library between: what the store asks for most, a row by its key,
/// takes SQLite a few microseconds, and such a library some ten more, and as many milliseconds to
/// prepare a connection for what the store has no use for.
final class Database {
    private let connection: OpaquePointer
    /// By their texts. The store has some fifty.
    private var statements: [String: Statement] = [:]
    private let patienceMilliseconds: Int32
    /// How many pages the write-ahead log had after the last commit here.
    private(set) var logPages = 0

    /// When a commit writes the log back to the database: at 4 MiB, as SQLite does by itself.
    private static let longLogPages = 1000

    /// Opens a database, and makes it if it is missing.
    ///
    /// - Parameter patienceSeconds: How long to wait for others that write.
    init(path: String, patienceSeconds: Int) throws(DatabaseFailure) {
        var connection: OpaquePointer?
        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
            | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &connection, flags, nil)
        guard let connection else {
            throw DatabaseFailure(code: code, message: "out of memory")
        }
        guard code == SQLITE_OK else {
            defer { sqlite3_close_v2(connection) }
            throw DatabaseFailure(of: connection, code)
        }
        patienceMilliseconds = Int32(patienceSeconds * 1000)
        sqlite3_busy_timeout(connection, patienceMilliseconds)
        self.connection = connection
        sqlite3_wal_hook(
            connection,
            { context, connection, name, pages in
                guard let context else { return SQLITE_OK }
                let database = Unmanaged<Database>.fromOpaque(context).takeUnretainedValue()
                database.logPages = Int(pages)
                // The commit is done. What cannot be written back now is so after another one.
                if pages >= Database.longLogPages { sqlite3_wal_checkpoint(connection, name) }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        statements = [:]
        sqlite3_close_v2(connection)
    }

    /// Writes the write-ahead log back and empties it. While others use the database it stays as it is: it waits for nobody.
    func emptyLog() {
        sqlite3_busy_timeout(connection, 0)
        defer { sqlite3_busy_timeout(connection, patienceMilliseconds) }
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    }

    /// Runs statements that take and yield nothing, and are not run often.
    func script(_ sql: String) throws(DatabaseFailure) {
        let code = sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseFailure(of: connection, code) }
    }

    /// Runs a statement that yields nothing.
    func run(_ sql: String, _ arguments: [any StatementArgument] = []) throws {
        try statement(sql).run(arguments) { _ in true }
    }

    /// What a query yields first; nil if it yields nothing.
    func first<Result>(
        _ sql: String, _ arguments: [any StatementArgument] = [],
        _ body: (Row) throws -> Result
    ) throws -> Result? {
        try find(sql, arguments) { .some(try body($0)) }
    }

    /// What is found first in the rows of a query, in their order; nil if it is in none.
    func find<Result>(
        _ sql: String, _ arguments: [any StatementArgument] = [],
        _ body: (Row) throws -> Result?
    ) throws -> Result? {
        var result: Result?
        try statement(sql).run(arguments) { row in
            result = try body(row)
            return result == nil
        }
        return result
    }

    /// All that a query yields.
    func all<Result>(
        _ sql: String, _ arguments: [any StatementArgument] = [],
        _ body: (Row) throws -> Result
    ) throws -> [Result] {
        var results: [Result] = []
        try statement(sql).run(arguments) { row in
            results.append(try body(row))
            return true
        }
        return results
    }

    /// The one number that a query yields; nil for none.
    func integer(_ sql: String, _ arguments: [any StatementArgument] = []) throws -> Int? {
        try first(sql, arguments) { $0.isNull(0) ? nil : $0.integer(0) } ?? nil
    }

    /// The texts that a query yields.
    func texts(_ sql: String, _ arguments: [any StatementArgument] = []) throws -> [String] {
        try all(sql, arguments) { $0.text(0) }
    }

    /// The number of the row that was inserted last.
    var lastRow: Int { Int(sqlite3_last_insert_rowid(connection)) }

    /// How many rows the last statement has changed.
    var changeCount: Int { Int(sqlite3_changes64(connection)) }

    /// Whether a transaction has been begun, and has not ended.
    var isInTransaction: Bool { sqlite3_get_autocommit(connection) == 0 }

    private func statement(_ sql: String) throws(DatabaseFailure) -> Statement {
        if let known = statements[sql] { return known }
        let new = try Statement(sql, connection)
        statements[sql] = new
        return new
    }
}
