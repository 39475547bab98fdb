internal import BrambleModel
internal import GRDB

/// What the index says of an object.
struct ObjectRow {
    let id: Int64
    let object: StoredObject
    let state: ObjectState
    let boot: String
    /// When a build last relied on it, to the day: seconds since 1970.
    let usedAt: Int

    static let columns = "id, name, tree, size, state, boot, used_at"

    init(_ row: Row) throws {
        id = row[0]
        guard let state = ObjectState(rawValue: row[4]) else {
            throw StoreError(.corrupt, "the index has an object in an unknown state")
        }
        object = StoredObject(
            name: try StoreName(row[1] as String), tree: try Digest(row[2] as String),
            sizeBytes: row[3])
        self.state = state
        boot = row[5]
        usedAt = row[6]
    }

    /// Whether its bytes can be relied on without a look at them.
    func isSound(boot current: String) -> Bool {
        switch state {
        case .durable: true
        case .fresh: boot == current
        case .damaged: false
        }
    }

    static func find(_ name: StoreName, _ database: Database) throws -> ObjectRow? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM objects WHERE name = ?")
        return try Row.fetchOne(statement, arguments: [name.description]).map(ObjectRow.init)
    }
}
