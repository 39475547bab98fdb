/// The methods of dicts.
enum DictMethods {
    static let all: [Builtin] = [
        Builtin("clear", clear),
        Builtin("get", get),
        Builtin("items", items),
        Builtin("keys", keys),
        Builtin("pop", pop),
        Builtin("popitem", popitem),
        Builtin("setdefault", setdefault),
        Builtin("update", update),
        Builtin("values", values),
    ]

    private static func clear(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        try call.mutableTable("clear").removeAll()
        return .none
    }

    private static func get(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(1...2)
        if let value = try call.lookUp(call[0]) { return value }
        return count == 2 ? call[1] : .none
    }

    private static func items(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        let dict = TableObject(call.receiver)
        let list = try call.arena.makeList(capacity: dict.count)
        var count = 0
        for number in 0..<dict.used {
            let entry = dict.entries[number]
            if entry.key.isUnbound { continue }
            let pair = try call.arena.makeTuple(count: 2)
            pair.items[0] = entry.key
            pair.items[1] = entry.value
            list.items[count] = pair.value
            count &+= 1
        }
        list.count = count
        return list.value
    }

    private static func keys(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        return try call.arena.makeList(from: call.receiver).value
    }

    private static func values(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        let dict = TableObject(call.receiver)
        let list = try call.arena.makeList(capacity: dict.count)
        var count = 0
        for number in 0..<dict.used where !dict.entries[number].key.isUnbound {
            list.items[count] = dict.entries[number].value
            count &+= 1
        }
        list.count = count
        return list.value
    }

    private static func pop(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(1...2)
        let dict = try call.mutableTable("delete from")
        do throws(Failure) {
            if let value = try dict.remove(call[0]) { return value }
        } catch { throw call.failure(error) }
        if count == 2 { return call[1] }
        throw call.failure("missing key")
    }

    private static func popitem(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        guard let first = TableObject(call.receiver).firstEntry else {
            throw call.failure("empty dictionary")
        }
        let dict = try call.mutableTable("delete from")
        let key = dict.entries[first].key
        let value = dict.remove(at: first, hash: try key.hash())
        return try call.arena.makeTuple(key, value)
    }

    private static func setdefault(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(1...2)
        // As in starlark-go, a frozen dict is no error if there is nothing to insert.
        if let value = try call.lookUp(call[0]) { return value }
        let value = count == 2 ? call[1] : .none
        try call.mutableTable("insert into").set(call[0], value, in: call.arena)
        return value
    }

    private static func update(_ call: borrowing Call) throws(Failure) -> Value {
        if call.positionalCount > 1 {
            throw call.failure("got \(call.positionalCount) arguments, want at most 1")
        }
        try call.update(call.mutableTable("insert into"))
        return .none
    }
}

extension Call {
    /// The receiver, a dict or set that may be changed. `operation` completes "cannot …".
    @inline(__always)
    func mutableTable(_ operation: StaticString) throws(Failure) -> TableObject {
        let table = TableObject(receiver)
        do throws(Failure) { try table.checkMutable(operation) } catch { throw failure(error) }
        return table
    }

    /// The value of a key of the receiver, a dict.
    @inline(__always)
    fileprivate func lookUp(_ key: Value) throws(Failure) -> Value? {
        do throws(Failure) {
            return try TableObject(receiver).get(key)
        } catch { throw failure(error) }
    }

    /// Sets entries as `dict(pairs, **kwargs)` does: from at most one positional argument, then
    /// from the keyword arguments.
    func update(_ dict: TableObject) throws(Failure) {
        do throws(Failure) {
            if positionalCount == 1 {
                if arguments[0].isObject(.dict) {
                    try dict.merge(TableObject(arguments[0]), in: arena)
                } else {
                    try addPairs(of: arguments[0], to: dict)
                }
            }
            for index in 0..<keywordCount {
                try dict.set(
                    keywordNames[index], arguments[positionalCount + index], in: arena)
            }
        } catch { throw failure(error) }
    }

    private func addPairs(of pairs: Value, to dict: TableObject) throws(Failure) {
        guard pairs.isIterable else {
            throw Failure("got \(pairs.typeName), want iterable", hint: pairs.iterationHint)
        }
        var iteration = try Iteration(over: pairs, in: arena)
        var number = 0
        while let pair = try iteration.next() {
            let (key, value) = try keyAndValue(pair, number: number)
            try dict.set(key, value, in: arena)
            number += 1
        }
    }

    private func keyAndValue(
        _ pair: Value, number: Int
    ) throws(Failure) -> (key: Value, value: Value) {
        if let items = pair.items, items.count == 2 { return (items[0], items[1]) }
        let subject = "dictionary update sequence element #\(number)"
        guard pair.isIterable else {
            throw Failure("\(subject) is not iterable (\(pair.typeName))")
        }
        guard let length = pair.length else {
            throw Failure("\(subject) has unknown length (\(pair.typeName))")
        }
        guard length == 2 else {
            throw Failure("\(subject) has length \(length), want 2")
        }
        var iteration = try Iteration(over: pair, in: arena)
        guard let key = try iteration.next(), let value = try iteration.next() else {
            throw Failure("\(subject) has fewer elements than its length")
        }
        return (key, value)
    }
}

extension TableObject {
    /// The number of the first entry, or nil if there is none.
    var firstEntry: Int? { count == 0 ? nil : Int(pointer.pointee.first) }
}
