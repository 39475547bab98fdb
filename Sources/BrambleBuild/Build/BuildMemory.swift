package import BrambleModel
package import BrambleStore

/// What earlier builds have left: results by recipe key, how long things took. What this build adds
/// is written at its end, in one transaction: it only saves time, and who is killed loses no more.
package struct BuildMemory {
    private let store: LocalStore
    private var newResults: [(key: String, value: [UInt8])] = []
    private var newKeys: [(derivation: DerivationHash, key: BuildKey)] = []
    /// nil until somebody asks.
    private var durations: [String: Int]?
    private var newDurations: [DerivationName: Int] = [:]
    /// Objects that cannot be collected while the store is open.
    private var leased: Set<StoreName> = []

    private static let results = "recipe"
    /// Stands before each result. The first one was JSON.
    private static let resultFormat = 2
    /// What a result with one output takes.
    private static let usualResultBytes = 256
    /// What a derivation and its key take.
    private static let usualKeyBytes = 80
    private static let durationKind = "duration"
    /// One value for each build, with a derivation and a key in turn.
    private static let keyKind = "keys"

    init(_ store: LocalStore) {
        self.store = store
    }

    // MARK: Results

    /// The result of a recipe, if all of it is in the store.
    func recall(_ key: RecipeKey) throws(StoreError) -> BuiltDerivation? {
        guard let bytes = try store.cachedValue(BuildMemory.results, key.text),
            // What another version has written is not known.
            let built = try? BuildMemory.result(in: bytes)
        else { return nil }
        return try store.areWhole(built.outputs.map(\.name)) ? built : nil
    }

    /// Recipes that were built, and under which keys.
    static func recipes(
        in store: LocalStore
    ) throws(StoreError) -> [(recipe: BuildKey, built: BuildKey)] {
        try store.cachedValues(results).compactMap { key, value in
            // As in `recall`.
            guard let hash = ContentHash(hex: key.utf8),
                let built = try? result(in: value)
            else { return nil }
            return (BuildKey(recipe: hash), built.key)
        }
    }

    mutating func remember(_ key: RecipeKey, _ built: BuiltDerivation) {
        var writer = RecordWriter(capacity: BuildMemory.usualResultBytes)
        writer.write(BuildMemory.resultFormat)
        built.write(to: &writer)
        newResults.append((key.text, writer.bytes))
    }

    private static func result(in bytes: [UInt8]) throws(RecordReader.Damage) -> BuiltDerivation {
        var reader = RecordReader(bytes)
        guard try reader.number() == resultFormat else { throw RecordReader.Damage() }
        let built = try BuiltDerivation(from: &reader)
        guard reader.isAtEnd else { throw RecordReader.Damage() }
        return built
    }

    // MARK: Keys

    /// Under which key a derivation was built, or found.
    mutating func remember(_ derivation: DerivationHash, _ key: BuildKey) {
        newKeys.append((derivation, key))
    }

    /// The key of the last build of a derivation on this machine; nil if there was none.
    ///
    /// It goes through all builds, the last one first: nobody asks for many.
    package static func lastKey(
        of derivation: DerivationHash, in store: LocalStore
    ) throws(StoreError) -> BuildKey? {
        let wanted = derivation.description
        return try store.findInCache(keyKind) { value in
            var reader = RecordReader(value)
            // What cannot be read is not known.
            while !reader.isAtEnd, let hash = try? reader.text(), let key = try? reader.text() {
                if hash == wanted { return try? BuildKey(key) }
            }
            return nil
        }
    }

    // MARK: Durations

    /// How long a derivation of a name took the last time.
    mutating func milliseconds(_ name: DerivationName) -> Int? {
        if let durations { return durations[name.description] }
        // Estimates that cannot be read are none. All of them cost less than a question for each.
        let values = (try? store.cachedValues(BuildMemory.durationKind)) ?? []
        let known = values.compactMap { key, value in
            Int(String(decoding: value, as: UTF8.self)).map { (key, $0) }
        }
        let all = Dictionary(known) { first, _ in first }
        durations = all
        return all[name.description]
    }

    mutating func remember(_ name: DerivationName, milliseconds: Int) {
        newDurations[name] = milliseconds
        durations?[name.description] = milliseconds
    }

    // MARK: Leases

    /// Keeps objects from being collected.
    mutating func lease(_ names: [StoreName]) throws(StoreError) {
        let new = names.filter { !leased.contains($0) }
        guard !new.isEmpty else { return }
        try store.lease(new)
        leased.formUnion(new)
    }

    /// What this build has added is leased as it is.
    mutating func noteLeased(_ names: [StoreName]) { leased.formUnion(names) }

    func save() throws(StoreError) {
        if !newResults.isEmpty { try store.setCachedValues(newResults, BuildMemory.results) }
        if !newKeys.isEmpty {
            var writer = RecordWriter(capacity: newKeys.count * BuildMemory.usualKeyBytes)
            for (derivation, key) in newKeys {
                writer.write(derivation.description)
                writer.write(key.description)
            }
            // As text, later builds are behind earlier ones: it has 19 digits, from 2001 to 2286.
            try store.setCachedValue(
                writer.bytes, BuildMemory.keyKind, "\(LocalStore.nanosecondsNow())")
        }
        guard !newDurations.isEmpty else { return }
        try store.setCachedValues(
            newDurations.sorted { $0.key < $1.key }.map { name, milliseconds in
                (name.description, Array("\(milliseconds)".utf8))
            }, BuildMemory.durationKind)
    }
}
