/// A dict or a set: entries in insertion order, and an index from hashes to them.
///
/// Up to `smallCount` entries there is no index and a search looks at every entry. Beyond, the index is
/// an open-addressing table of entry numbers, at most half full, probed in sequence; seven bits of
/// each number's word are the hash's, so that most other keys are passed over unread. A removed entry
/// stays as a gap (its key is unbound) until the entries are packed when room runs out, and
/// leading gaps are skipped by `first`; so removing is O(1) amortised wherever it happens.
struct TableObject {
    struct Layout {
        /// Auxiliary: number of entries that are not gaps.
        var header: ObjectHeader
        var entries: UnsafeMutablePointer<Entry>
        /// Meaningless while `indexCapacity` is 0.
        var index: UnsafeMutablePointer<UInt32>
        /// The number of the first entry that is not a gap, at most `used`.
        var first: UInt32
        /// Entries written so far, gaps included.
        var used: UInt32
        var capacity: UInt32
        /// A power of two, or 0.
        var indexCapacity: UInt32
    }

    struct Entry: BitwiseCopyable {
        /// Unbound in a gap.
        var key: Value
        /// None in a set.
        var value: Value
    }

    let pointer: UnsafeMutablePointer<Layout>
    static let size = MemoryLayout<Layout>.size
    /// The most entries that are searched without an index.
    static let smallCount = 8
    /// The largest number of entries: numbers have 25 bits in the index, and the last two mean others.
    static let maximumCount = 1 << 25 - 2

    /// A table of no more room keeps it when it is cleared.
    private static let keptCapacity = 64

    /// In the index: the bits of the hash, and those of the entry's number.
    private static let hashBits: UInt32 = 0xfe00_0000
    private static let numberBits: UInt32 = 0x01ff_ffff
    private static let freeSlot: UInt32 = 0xffff_ffff
    private static let removedSlot: UInt32 = 0xffff_fffe

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always) var value: Value { Value(object: UnsafeMutableRawPointer(pointer)) }
    @inline(__always) var count: Int { Int(pointer.pointee.header.auxiliary) }
    /// Entries and gaps; iterate over `0..<used` and skip entries whose key is unbound.
    @inline(__always) var used: Int { Int(pointer.pointee.used) }
    @inline(__always) var entries: UnsafeMutablePointer<Entry> { pointer.pointee.entries }

    /// Fails if the table is frozen or being iterated over. `operation` completes "cannot …".
    @inline(__always)
    func checkMutable(_ operation: StaticString) throws(Failure) {
        let header = pointer.pointee.header
        if header.flags.contains(.frozen) || header.iterations != 0 {
            throw Failure.immutable(value, operation)
        }
    }

    // MARK: Look-up

    /// The value for `key`, or nil. Fails if `key` is not hashable.
    @inline(__always)
    func get(_ key: Value) throws(Failure) -> Value? {
        let found = try find(key)
        return found < 0 ? nil : entries[found].value
    }

    @inline(__always)
    func contains(_ key: Value) throws(Failure) -> Bool { try find(key) >= 0 }

    /// The entry's number, or -1.
    @inline(__always)
    func find(_ key: Value) throws(Failure) -> Int {
        let hash = try key.hash()
        return try find(key, hash: hash)
    }

    @inline(__always)
    func find(_ key: Value, hash: UInt32) throws(Failure) -> Int {
        if pointer.pointee.indexCapacity == 0 { return try scan(key, hash: hash) }
        let entries = self.entries
        let index = pointer.pointee.index
        let mask = pointer.pointee.indexCapacity &- 1
        var slot = hash & mask
        while true {
            let word = index[Int(slot)]
            if word == TableObject.freeSlot { return -1 }
            if (word ^ hash) & TableObject.hashBits == 0, word != TableObject.removedSlot {
                let number = Int(word & TableObject.numberBits)
                if try entries[number].key.equalsKey(key) { return number }
            }
            slot = (slot &+ 1) & mask
        }
    }

    private func scan(_ key: Value, hash: UInt32) throws(Failure) -> Int {
        let entries = self.entries
        let used = self.used
        var number = Int(pointer.pointee.first)
        while number < used {
            let candidate = entries[number].key
            if candidate.isIdentical(to: key) { return number }
            if !candidate.isUnbound, try candidate.equalsKey(key) { return number }
            number &+= 1
        }
        return -1
    }

    // MARK: Change (the caller has checked for mutability)

    /// Sets the value of a key, which keeps its place if it was there.
    @inline(__always)
    func set(_ key: Value, _ value: Value, in arena: Arena) throws(Failure) {
        let hash = try key.hash()
        let found = try find(key, hash: hash)
        if found >= 0 {
            entries[found].value = value
        } else {
            try insertNew(key, value, hash: hash, in: arena)
        }
    }

    /// Adds a key that is known not to be there.
    @inline(__always)
    func insertNew(
        _ key: Value, _ value: Value, hash: UInt32, in arena: Arena
    ) throws(Failure) {
        if pointer.pointee.used == pointer.pointee.capacity { try makeRoom(in: arena) }
        let number = pointer.pointee.used
        entries[Int(number)] = Entry(key: key, value: value)
        pointer.pointee.used = number &+ 1
        pointer.pointee.header.auxiliary &+= 1
        if pointer.pointee.indexCapacity != 0 { enter(number, hash: hash) }
    }

    /// Puts an entry's number into the index, which has a free slot.
    @inline(__always)
    private func enter(_ number: UInt32, hash: UInt32) {
        let index = pointer.pointee.index
        let mask = pointer.pointee.indexCapacity &- 1
        var slot = hash & mask
        while index[Int(slot)] < TableObject.removedSlot { slot = (slot &+ 1) & mask }
        index[Int(slot)] = hash & TableObject.hashBits | number
    }

    /// Removes the entry with the given number, and returns its value.
    func remove(at number: Int, hash: UInt32) -> Value {
        let entry = entries[number]
        if pointer.pointee.indexCapacity != 0 {
            let index = pointer.pointee.index
            let mask = pointer.pointee.indexCapacity &- 1
            let word = hash & TableObject.hashBits | UInt32(truncatingIfNeeded: number)
            var slot = hash & mask
            while index[Int(slot)] != word { slot = (slot &+ 1) & mask }
            index[Int(slot)] = TableObject.removedSlot
        }
        entries[number] = Entry(key: .unbound, value: .none)
        pointer.pointee.header.auxiliary &-= 1
        skipLeadingGaps()
        return entry.value
    }

    /// The value of the removed key, or nil if it was not there.
    func remove(_ key: Value) throws(Failure) -> Value? {
        let hash = try key.hash()
        let found = try find(key, hash: hash)
        return found < 0 ? nil : remove(at: found, hash: hash)
    }

    func removeAll() {
        pointer.pointee.header.auxiliary = 0
        pointer.pointee.first = 0
        pointer.pointee.used = 0
        if Int(pointer.pointee.capacity) > TableObject.keptCapacity {
            // Clearing a large index again and again would cost more than growing anew; the collector
            // takes the buffers.
            pointer.pointee.capacity = 0
            pointer.pointee.indexCapacity = 0
        }
        for slot in 0..<Int(pointer.pointee.indexCapacity) {
            pointer.pointee.index[slot] = TableObject.freeSlot
        }
    }

    private func skipLeadingGaps() {
        let used = self.used
        var first = Int(pointer.pointee.first)
        while first < used, entries[first].key.isUnbound { first &+= 1 }
        pointer.pointee.first = UInt32(truncatingIfNeeded: first)
    }

    /// Packs the entries if a quarter or more are gaps, otherwise doubles the room; makes the index anew.
    @inline(never)
    private func makeRoom(in arena: Arena) throws(Failure) {
        let capacity = Int(pointer.pointee.capacity)
        if count + max(capacity / 4, 1) > capacity {
            let wanted = capacity == 0 ? 4 : min(capacity * 2, TableObject.maximumCount)
            guard wanted > capacity else {
                throw Failure.limit("too many entries: more than \(TableObject.maximumCount)")
            }
            let entries = try arena.growBuffer(
                self.entries, from: capacity, to: wanted, using: used)
            pointer.pointee.entries = entries
            pointer.pointee.capacity = UInt32(wanted)
        }
        pack()
        try rebuildIndex(in: arena)
    }

    /// Moves the entries together, in order.
    private func pack() {
        let entries = self.entries
        var target = 0
        for number in Int(pointer.pointee.first)..<used where !entries[number].key.isUnbound {
            if target != number { entries[target] = entries[number] }
            target += 1
        }
        pointer.pointee.first = 0
        pointer.pointee.used = UInt32(target)
    }

    /// Makes the index for the present capacity and enters every entry.
    func rebuildIndex(in arena: Arena) throws(Failure) {
        let capacity = Int(pointer.pointee.capacity)
        guard capacity > TableObject.smallCount else { return }
        let old = Int(pointer.pointee.indexCapacity)
        let wanted = max((capacity * 2).nextPowerOf2, 16)
        // Room for every entry there may ever be before the next rebuild, at half load.
        if old < wanted {
            pointer.pointee.index = try arena.growBuffer(
                pointer.pointee.index, from: old, to: wanted, using: 0)
            pointer.pointee.indexCapacity = UInt32(wanted)
        }
        let index = pointer.pointee.index
        for slot in 0..<Int(pointer.pointee.indexCapacity) { index[slot] = TableObject.freeSlot }
        for number in 0..<used where !entries[number].key.isUnbound {
            enter(UInt32(number), hash: try entries[number].key.hash())
        }
    }
}

extension Int {
    /// The smallest power of two that is not less. The value is from 1 to 2^62.
    fileprivate var nextPowerOf2: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}

extension Arena {
    /// An empty dict or set with room for `capacity` entries.
    func makeTable(_ type: ObjectType, capacity: Int = 0) throws(Failure) -> TableObject {
        let nowhere = UnsafeMutableRawPointer(state)
        let entries =
            capacity == 0
            ? nowhere : try allocate(capacity &* MemoryLayout<TableObject.Entry>.stride)
        let memory = allocateSmall(TableObject.size)
        let table = TableObject(Value(object: memory))
        table.pointer.initialize(
            to: .init(
                header: ObjectHeader(type: type, flags: []),
                entries: entries.assumingMemoryBound(to: TableObject.Entry.self),
                index: nowhere.assumingMemoryBound(to: UInt32.self),
                first: 0, used: 0, capacity: UInt32(truncatingIfNeeded: capacity),
                indexCapacity: 0))
        if capacity > TableObject.smallCount { try table.rebuildIndex(in: self) }
        return table
    }
}
