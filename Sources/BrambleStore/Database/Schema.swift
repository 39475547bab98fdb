/// The tables of the index, as a list of steps: a database that has had the first n gets the rest.
/// Steps are only ever added.
enum Schema {
    static let steps = [
        """
        CREATE TABLE objects (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            tree TEXT NOT NULL,
            -- Bytes of all files.
            size INTEGER NOT NULL,
            -- See `ObjectState`.
            state INTEGER NOT NULL,
            -- The boot during which it was added.
            boot TEXT NOT NULL,
            -- Seconds since 1970.
            added_at INTEGER NOT NULL,
            used_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX objects_by_state ON objects (state) WHERE state <> 1;
        CREATE INDEX objects_by_tree ON objects (tree);

        -- The digests of all that is in an object: REAPI's message `Tree`.
        CREATE TABLE trees (
            object INTEGER PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
            message BLOB NOT NULL
        ) STRICT;

        -- By name, so that an object can be known before what it refers to.
        CREATE TABLE object_references (
            referrer INTEGER NOT NULL REFERENCES objects ON DELETE CASCADE,
            reference TEXT NOT NULL,
            PRIMARY KEY (referrer, reference)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX referrers ON object_references (reference);

        -- A copy of the files in `builds/`.
        CREATE TABLE builds (
            key TEXT PRIMARY KEY,
            record BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE build_outputs (
            key TEXT NOT NULL REFERENCES builds ON DELETE CASCADE,
            object TEXT NOT NULL,
            PRIMARY KEY (key, object)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX builds_by_object ON build_outputs (object);

        -- What open stores need, by the names of their folders in `tmp/`.
        CREATE TABLE leases (
            session TEXT NOT NULL,
            object TEXT NOT NULL,
            PRIMARY KEY (session, object)
        ) STRICT, WITHOUT ROWID;

        -- Blobs that were put in for themselves, not as files of an object.
        CREATE TABLE blobs (
            digest TEXT PRIMARY KEY,
            used_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Whatever can be computed again: digests of source files, results of evaluations.
        CREATE TABLE cache (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            value BLOB NOT NULL,
            used_at INTEGER NOT NULL,
            PRIMARY KEY (kind, key)
        ) STRICT;

        -- One row: goes up whenever something may have begun to be needed.
        CREATE TABLE generation (number INTEGER NOT NULL) STRICT;
        INSERT INTO generation VALUES (0);
        """
    ]
}

/// What is known of an object's bytes.
enum ObjectState: Int {
    /// Added, but perhaps not all on the disk: to be verified if the machine has been started
    /// since.
    case fresh = 0
    /// A checkpoint has passed since it was added.
    case durable = 1
    /// Found not to be what it was: as good as not there, until it is added again.
    case damaged = 2

    init(_ row: Row, _ column: Int32) throws(StoreError) {
        guard let state = ObjectState(rawValue: row.integer(column)) else {
            throw StoreError(.corrupt, "the index has an object in an unknown state")
        }
        self = state
    }

    /// Whether an object's bytes can be relied on without a look at them.
    ///
    /// - Parameter isOfThisBoot: Whether it was added since the machine was started.
    func isSound(isOfThisBoot: Bool) -> Bool {
        switch self {
        case .durable: true
        case .fresh: isOfThisBoot
        case .damaged: false
        }
    }
}
