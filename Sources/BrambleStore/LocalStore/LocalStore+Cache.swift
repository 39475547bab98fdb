/// Values that can be computed again: digests of source files, results of evaluations. Collections
/// drop what has not been used for as long as they keep things.
extension LocalStore {
    /// - Parameter kind: Whose value it is: each kind has keys of its own.
    package func cachedValue(
        _ kind: String, _ key: String
    ) throws(StoreError) -> [UInt8]? {
        try index.read("cannot look up what is cached") { database in
            try database.first(
                "SELECT value FROM cache WHERE kind = ? AND key = ?", [kind, key]
            ) { $0.bytes(0) }
        }
    }

    /// All values of a kind, in no order.
    package func cachedValues(
        _ kind: String
    ) throws(StoreError) -> [(key: String, value: [UInt8])] {
        try index.read("cannot look up what is cached") { database in
            try database.all("SELECT key, value FROM cache WHERE kind = ?", [kind]) {
                (key: $0.text(0), value: $0.bytes(1))
            }
        }
    }

    /// What is found in the values of a kind, those with later keys first.
    package func findInCache<Result>(
        _ kind: String, _ body: ([UInt8]) -> Result?
    ) throws(StoreError) -> Result? {
        try index.read("cannot look up what is cached") { database in
            try database.find(
                "SELECT value FROM cache WHERE kind = ? ORDER BY key DESC", [kind]
            ) { body($0.bytes(0)) }
        }
    }

    package func setCachedValue(
        _ value: [UInt8], _ kind: String, _ key: String
    ) throws(StoreError) {
        try setCachedValues([(key, value)], kind)
    }

    /// Sets several values of a kind at once.
    package func setCachedValues(
        _ values: [(key: String, value: [UInt8])], _ kind: String
    ) throws(StoreError) {
        let now = options.clock()
        try index.write("cannot write what is to be cached") { database in
            for (key, value) in values {
                try database.run(
                    "INSERT OR REPLACE INTO cache (kind, key, value, used_at) VALUES (?, ?, ?, ?)",
                    [kind, key, value, now])
            }
        }
    }
}
