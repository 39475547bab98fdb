internal import BrambleModel

/// What the index says of an object.
struct ObjectRow {
    let id: Int
    let object: StoredObject
    let state: ObjectState
    let boot: String
    /// When a build last relied on it, to the day: seconds since 1970.
    let usedAt: Int

    /// What is asked for most.
    struct Use {
        let id: Int
        let usedAt: Int
    }

    var use: Use { Use(id: id, usedAt: usedAt) }

    static let columns = "id, name, tree, size, state, boot, used_at"

    private static let byName = "SELECT \(columns) FROM objects WHERE name = ?"

    init(_ row: Row) throws {
        id = row.integer(0)
        guard let state = ObjectState(rawValue: row.integer(4)) else {
            throw StoreError(.corrupt, "the index has an object in an unknown state")
        }
        object = StoredObject(
            name: try StoreName(row.text(1)), tree: try Digest(row.text(2)),
            sizeBytes: row.integer(3))
        self.state = state
        boot = row.text(5)
        usedAt = row.integer(6)
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
        try database.first(byName, [name.description], ObjectRow.init)
    }

    /// When an object was used, if it `isSound`.
    static func useIfSound(
        _ name: StoreName, boot current: String, _ database: Database
    ) throws -> Use? {
        try database.first(
            """
            SELECT id, used_at FROM objects
            WHERE name = ? AND (state = \(ObjectState.durable.rawValue)
                OR state = \(ObjectState.fresh.rawValue) AND boot = ?)
            """, [name.description, current]
        ) { Use(id: $0.integer(0), usedAt: $0.integer(1)) }
    }
}
