internal import GRDB
internal import Synchronization

/// Connections to the index: one for each thread that reads at a time, and one for all that write,
/// who take turns.
///
/// Not GRDB's pool: it asks for the version of the schema before each read, which takes longer than a
/// look-up, and it makes a table and drops it when it opens a database whose log is empty. Our schema
/// changes only while a store is opened, and a connection that meets another schema prepares its
/// statements anew (SQLite does, man sqlite3_prepare_v2).
final class IndexConnections: Sendable {
    private let path: String
    private let configuration: Configuration
    private let free = Mutex<[DatabaseQueue]>([])
    private let writing = Mutex<DatabaseQueue?>(nil)

    /// More than these are not kept for later.
    private static let keptCount = 8

    /// How long a process waits for others that write. Transactions take milliseconds; fifty
    /// processes that all write at once still get their turn.
    private static let patienceSeconds = 60.0

    init(path: String) {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(IndexConnections.patienceSeconds)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        self.configuration = configuration
    }

    /// The connection that writes. It is opened when somebody writes first: most commands only read.
    func writer() throws -> DatabaseQueue {
        try writing.withLock { writer in
            if let writer { return writer }
            let new = try DatabaseQueue(path: path, configuration: configuration)
            writer = new
            return new
        }
    }

    /// Lends a connection that reads for the time of a call.
    func use<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
        let connection =
            try free.withLock({ $0.popLast() })
            ?? DatabaseQueue(path: path, configuration: configuration)
        defer {
            free.withLock { free in
                if free.count < IndexConnections.keptCount { free.append(connection) }
            }
        }
        return try body(connection)
    }
}
