/// The store's index: an SQLite database, and the one place that knows SQLite's errors.
///
/// Write-ahead log with `synchronous = NORMAL`: a commit costs no `fsync`, the database is never
/// inconsistent, and what a power failure takes away from it is what `reindex` finds on disk.
final class Index: Sendable {
    /// Called before each transaction and before each commit; tests make it fail.
    typealias Probe = @Sendable () throws(StoreError) -> Void

    private let connections: IndexConnections
    private let probe: Probe

    /// How an index is opened.
    struct Opening {
        var probe: Probe = {}
        /// Whether a lost index is made anew.
        var remakes = false
        /// Asked before an index is made, while nobody can add anything: whether there is something
        /// that it should know.
        let isMissed: () throws(StoreError) -> Bool
    }

    /// Opens the index, and makes it if there is none.
    ///
    /// - Throws: `indexLost` if it is missed, or cannot be read as an index.
    init(path: String, _ opening: Opening) throws(StoreError) {
        probe = opening.probe
        connections = IndexConnections(path: path)
        try migrate(path, opening)
    }

    /// Reads. Each statement sees what is committed when it begins.
    func read<Result>(
        _ operation: @autoclosure () -> String, _ body: (Database) throws -> Result
    ) throws(StoreError) -> Result {
        try probe()
        do {
            return try connections.reading(body)
        } catch {
            throw Index.failure(operation(), error)
        }
    }

    /// Reads what belongs together: all statements see the same.
    func readSnapshot<Result>(
        _ operation: @autoclosure () -> String, _ body: (Database) throws -> Result
    ) throws(StoreError) -> Result {
        try probe()
        do {
            return try connections.reading { try Index.transaction("BEGIN", $0, body) }
        } catch {
            throw Index.failure(operation(), error)
        }
    }

    /// Writes, in a transaction that holds the write lock from its beginning: so what it has read
    /// is still so when it commits, in all processes.
    func write<Result>(
        _ operation: @autoclosure () -> String, _ body: (Database) throws -> Result
    ) throws(StoreError) -> Result {
        try probe()
        do {
            return try connections.writing { database in
                try Index.transaction("BEGIN IMMEDIATE", database) { database in
                    let result = try body(database)
                    try probe()
                    return result
                }
            }
        } catch {
            throw Index.failure(operation(), error)
        }
    }

    /// Makes it quick to open, when nothing more is to be done with it.
    func settle() { connections.shortenLog() }

    private static func transaction<Result>(
        _ begin: String, _ database: Database, _ body: (Database) throws -> Result
    ) throws -> Result {
        try database.run(begin)
        do {
            let result = try body(database)
            try database.run("COMMIT")
            return result
        } catch {
            // SQLite has done it already after some failures, and the one that led here says more.
            if database.isInTransaction { try? database.run("ROLLBACK") }
            throw error
        }
    }

    private func migrate(_ path: String, _ opening: Opening) throws(StoreError) {
        let operation = "cannot prepare the store's index `\(path)`"
        let version = try read(operation) { database in
            let version = try Index.version(database)
            // That is remembered in the database itself.
            if version == 0 { try database.script("PRAGMA journal_mode = WAL") }
            return version
        }
        guard version != Schema.steps.count else { return }
        guard version < Schema.steps.count else {
            throw StoreError(
                .incompatible, "the store's index `\(path)` is of a newer version of Bramble")
        }
        try write(operation) { database in
            // Another process may have been quicker.
            let version = try Index.version(database)
            let isLost = try version < 0 || version == 0 && opening.isMissed()
            guard !isLost || opening.remakes else {
                throw StoreError(
                    .indexLost, "the store's index is lost: there are objects that it lacks")
            }
            for step in Schema.steps.dropFirst(abs(version)) { try database.script(step) }
            try Index.setVersion(isLost ? -Schema.steps.count : Schema.steps.count, database)
        }
    }

    /// How many steps of the schema the database has had; below zero for one that was lost, and that
    /// `reindex` has not filled yet.
    private static func version(_ database: Database) throws -> Int {
        try database.integer("PRAGMA user_version") ?? 0
    }

    /// Says that the index has all that is on disk.
    static func setComplete(_ database: Database) throws {
        try setVersion(Schema.steps.count, database)
    }

    private static func setVersion(_ version: Int, _ database: Database) throws {
        try database.script("PRAGMA user_version = \(version)")
    }

    private static func failure(_ operation: String, _ error: any Error) -> StoreError {
        if let error = error as? StoreError { return error }
        if let error = error as? DatabaseFailure {
            return StoreError(
                error.isRuin ? .indexLost : .database,
                "\(operation): \(error.message) (SQLite error \(error.code))", cause: error)
        }
        return StoreError(.database, "\(operation): \(error)")
    }
}
