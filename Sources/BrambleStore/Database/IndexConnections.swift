internal import Synchronization

/// Connections to the index: one for each thread that reads at a time, and one for all that write,
/// who take turns.
///
/// Our schema changes only while a store is opened, and a connection that meets another schema
/// prepares its statements anew (SQLite does, man sqlite3_prepare_v2).
final class IndexConnections: Sendable {
    /// - Safety: Whoever has taken it from where it is kept is the only one who has it, and gives it
    ///   back behind a lock.
    private struct Lent: @unchecked Sendable {
        let database: Database
    }

    private let path: String
    private let free = Mutex<[Lent]>([])
    private let writer = Mutex<Lent?>(nil)
    /// Held by who writes.
    private let turn = Mutex(())

    /// More than these are not kept for later.
    private static let keptCount = 8

    /// How long a process waits for others that write. Transactions take milliseconds; fifty
    /// processes that all write at once still get their turn.
    private static let patienceSeconds = 60

    init(path: String) {
        self.path = path
    }

    /// Lends a connection that reads for the time of a call.
    func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let lent = try free.withLock { $0.popLast() } ?? open()
        defer {
            free.withLock { free in
                if free.count < IndexConnections.keptCount { free.append(lent) }
            }
        }
        return try body(lent.database)
    }

    /// Lends the connection that writes. It is opened when somebody writes first: most commands only
    /// read.
    func writing<Result>(_ body: (Database) throws -> Result) throws -> Result {
        var result: Result?
        try turn.withLock { _ in
            let lent = try writer.withLock { $0 } ?? openWriter()
            result = try body(lent.database)
        }
        guard let result else { preconditionFailure("a call without a result") }
        return result
    }

    /// Empties the log, if it has become so long that it slows the next process down: who opens the index alone reads all of
    /// its log first (some 4 µs a page).
    func shortenLog() {
        turn.withLock { _ in
            guard let database = writer.withLock({ $0 })?.database,
                database.logPages >= IndexConnections.shortLogPages
            else { return }
            database.emptyLog()
        }
    }

    /// A millisecond to read.
    private static let shortLogPages = 256

    private func openWriter() throws -> Lent {
        let lent = try open()
        try lent.database.script("PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL")
        writer.withLock { $0 = lent }
        return lent
    }

    private func open() throws -> Lent {
        Lent(
            database: try Database(
                path: path, patienceSeconds: IndexConnections.patienceSeconds))
    }
}
