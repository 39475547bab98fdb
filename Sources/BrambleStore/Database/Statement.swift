internal import CSQLite

/// A value that a statement is given.
protocol StatementArgument {
    /// - Returns: A result code.
    func bind(to statement: OpaquePointer, at position: Int32) -> Int32
}

extension Int: StatementArgument {
    func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        sqlite3_bind_int64(statement, position, Int64(self))
    }
}

extension String: StatementArgument {
    func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                guard let start = bytes.baseAddress else {
                    return bramble_sqlite3_bind_text(statement, position, "", 0)
                }
                return bramble_sqlite3_bind_text(
                    statement, position, start, UInt64(bytes.count))
            }
        }
    }
}

extension [UInt8]: StatementArgument {
    func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                return sqlite3_bind_zeroblob(statement, position, 0)
            }
            return bramble_sqlite3_bind_blob(statement, position, start, UInt64(bytes.count))
        }
    }
}

/// The columns of a row, by their numbers from 0, of the types that the schema gives them. Good until
/// the statement goes on.
struct Row {
    fileprivate let statement: OpaquePointer

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    func text(_ column: Int32) -> String {
        String(decoding: content(column, sqlite3_column_text(statement, column)), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        Array(content(column, sqlite3_column_blob(statement, column)))
    }

    /// What a pointer leads to must be asked for before how much it is.
    private func content(_ column: Int32, _ start: UnsafeRawPointer?) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: start, count: Int(sqlite3_column_bytes(statement, column)))
    }
}

/// A statement, prepared once and run any number of times.
final class Statement {
    private let connection: OpaquePointer
    private let statement: OpaquePointer

    init(_ sql: String, _ connection: OpaquePointer) throws(DatabaseFailure) {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw DatabaseFailure(of: connection, code)
        }
        self.connection = connection
        self.statement = statement
    }

    deinit { sqlite3_finalize(statement) }

    /// Runs it to its end, or until `body` returns false.
    func run(
        _ arguments: [any StatementArgument], _ body: (Row) throws -> Bool
    ) throws {
        // It holds a lock of the database, and what it was given, until it is reset.
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (number, argument) in arguments.enumerated() {
            try check(argument.bind(to: statement, at: Int32(number + 1)))
        }
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw DatabaseFailure(of: connection, code) }
            guard try body(Row(statement: statement)) else { return }
        }
    }

    private func check(_ code: Int32) throws(DatabaseFailure) {
        guard code == SQLITE_OK else { throw DatabaseFailure(of: connection, code) }
    }
}

extension DatabaseFailure {
    /// The failure of the call that has just returned.
    init(of connection: OpaquePointer, _ code: Int32) {
        self.init(code: code, message: String(cString: sqlite3_errmsg(connection)))
    }
}
