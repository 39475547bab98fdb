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
        object = StoredObject(
            name: try StoreName(row.text(1)), tree: try Digest(row.text(2)),
            sizeBytes: row.integer(3))
        state = try ObjectState(row, 4)
        boot = row.text(5)
        usedAt = row.integer(6)
    }

    /// Whether its bytes can be relied on without a look at them.
    func isSound(boot current: String) -> Bool {
        state.isSound(isOfThisBoot: boot == current)
    }

    static func find(_ name: StoreName, _ database: Database) throws -> ObjectRow? {
        try database.first(byName, [name.description], ObjectRow.init)
    }

    /// When an object was used, if it `isSound`.
    static func useIfSound(
        _ name: StoreName, boot current: String, _ database: Database
    ) throws -> Use? {
        try database.find(
            "SELECT id, used_at, state, boot = ?2 FROM objects WHERE name = ?1",
            [name.description, current]
        ) { row in
            let isOfThisBoot = row.integer(3) != 0
            guard try ObjectState(row, 2).isSound(isOfThisBoot: isOfThisBoot) else { return nil }
            return Use(id: row.integer(0), usedAt: row.integer(1))
        }
    }
}
