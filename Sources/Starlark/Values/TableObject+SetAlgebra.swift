// Sets as sets. The right-hand table may be a dict, of which the keys count.
extension TableObject {
    /// Calls `body` for every key in order. `body` must not change the table.
    @inline(__always)
    func forEachKey(_ body: (Value) throws(Failure) -> Void) throws(Failure) {
        for number in 0..<used {
            let key = entries[number].key
            if !key.isUnbound { try body(key) }
        }
    }

    /// Adds an element without a check for mutability.
    @inline(__always)
    func add(_ element: Value, in arena: Arena) throws(Failure) {
        let hash = try element.hash()
        if try find(element, hash: hash) < 0 {
            try insertNew(element, .none, hash: hash, in: arena)
        }
    }

    /// Sets the entries of another dict, without a check for mutability.
    func merge(_ other: TableObject, in arena: Arena) throws(Failure) {
        for number in 0..<other.used {
            let entry = other.entries[number]
            if !entry.key.isUnbound { try set(entry.key, entry.value, in: arena) }
        }
    }

    /// A table of the same type and with the same entries.
    func copy(in arena: Arena) throws(Failure) -> TableObject {
        let copy = try arena.makeTable(pointer.pointee.header.type, capacity: count)
        for number in 0..<used {
            let entry = entries[number]
            if entry.key.isUnbound { continue }
            try copy.insertNew(entry.key, entry.value, hash: entry.key.hash(), in: arena)
        }
        return copy
    }

    func isSubset(of other: TableObject) throws(Failure) -> Bool {
        if count > other.count { return false }
        for number in 0..<used where !entries[number].key.isUnbound {
            if try !other.contains(entries[number].key) { return false }
        }
        return true
    }

    /// `self op= other` for `|`, `&`, `-` and `^`.
    func combine(_ op: Operator, with other: TableObject, in arena: Arena) throws(Failure) {
        switch op {
        case .bitOr:
            try checkMutable("apply |= to")
            try other.forEachKey { key throws(Failure) in try add(key, in: arena) }
        case .bitAnd:
            try checkMutable("apply &= to")
            try retain { key throws(Failure) in try other.contains(key) }
        case .minus:
            try checkMutable("apply -= to")
            try subtract(other)
        default:
            try checkMutable("apply ^= to")
            try formSymmetricDifference(other, in: arena)
        }
    }

    /// Keeps the elements for which `isWanted` holds.
    func retain(_ isWanted: (Value) throws(Failure) -> Bool) throws(Failure) {
        for number in 0..<used {
            let key = entries[number].key
            if key.isUnbound { continue }
            if try !isWanted(key) { _ = remove(at: number, hash: try key.hash()) }
        }
    }

    func subtract(_ other: TableObject) throws(Failure) {
        if other.pointer == pointer { return removeAll() }
        try other.forEachKey { key throws(Failure) in _ = try remove(key) }
    }

    func formSymmetricDifference(_ other: TableObject, in arena: Arena) throws(Failure) {
        if other.pointer == pointer { return removeAll() }
        try other.forEachKey { key throws(Failure) in
            if try remove(key) == nil { try add(key, in: arena) }
        }
    }
}

extension Operations {
    /// `x op y` of two sets for `|`, `&`, `-` and `^`, or of two dicts for `|`; nil otherwise.
    static func combine(
        _ op: Operator, _ x: Value, _ y: Value, _ arena: Arena
    ) throws(Failure) -> Value? {
        if op == .bitOr, x.isObject(.dict), y.isObject(.dict) {
            let result = try TableObject(x).copy(in: arena)
            try result.merge(TableObject(y), in: arena)
            return result.value
        }
        guard x.isObject(.set), y.isObject(.set) else { return nil }
        let result = try TableObject(x).copy(in: arena)
        try result.combine(op, with: TableObject(y), in: arena)
        return result.value
    }
}
