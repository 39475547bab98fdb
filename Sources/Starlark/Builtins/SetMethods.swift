/// The methods of sets. Those that take other sets take any iterables, and mostly any number of
/// them.
enum SetMethods {
    static let all: [Builtin] = [
        Builtin("add", add),
        Builtin("clear", clear),
        Builtin("difference", difference),
        Builtin("difference_update", differenceUpdate),
        Builtin("discard", discard),
        Builtin("intersection", intersection),
        Builtin("intersection_update", intersectionUpdate),
        Builtin("isdisjoint", isdisjoint),
        Builtin("issubset", issubset),
        Builtin("issuperset", issuperset),
        Builtin("pop", pop),
        Builtin("remove", remove),
        Builtin("symmetric_difference", symmetricDifference),
        Builtin("symmetric_difference_update", symmetricDifferenceUpdate),
        Builtin("union", union),
        Builtin("update", update),
    ]

    // MARK: Single elements

    private static func add(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let set = try call.mutableTable("insert into")
        do throws(Failure) { try set.add(call[0], in: call.arena) } catch {
            throw call.failure(error)
        }
        return .none
    }

    private static func clear(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        if TableObject(call.receiver).count > 0 { try call.mutableTable("clear").removeAll() }
        return .none
    }

    private static func discard(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        _ = try call.removeElement(call[0])
        return .none
    }

    private static func remove(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        if try !call.removeElement(call[0]) { throw call.failure("missing key") }
        return .none
    }

    private static func pop(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        guard let first = TableObject(call.receiver).firstEntry else {
            throw call.failure("empty set")
        }
        let set = try call.mutableTable("delete from")
        let element = set.entries[first].key
        _ = set.remove(at: first, hash: try element.hash())
        return element
    }

    // MARK: New sets

    private static func union(_ call: borrowing Call) throws(Failure) -> Value {
        let result = try TableObject(call.receiver).copy(in: call.arena)
        try call.addElements(to: result)
        return result.value
    }

    private static func difference(_ call: borrowing Call) throws(Failure) -> Value {
        let result = try TableObject(call.receiver).copy(in: call.arena)
        try call.subtractElements(from: result)
        return result.value
    }

    private static func intersection(_ call: borrowing Call) throws(Failure) -> Value {
        let result = try TableObject(call.receiver).copy(in: call.arena)
        try call.retainElements(of: result)
        return result.value
    }

    private static func symmetricDifference(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let result = try TableObject(call.receiver).copy(in: call.arena)
        try result.formSymmetricDifference(call.table(0), in: call.arena)
        return result.value
    }

    // MARK: Changes in place

    private static func update(_ call: borrowing Call) throws(Failure) -> Value {
        try call.addElements(to: call.mutableTable("insert into"))
        return .none
    }

    private static func differenceUpdate(_ call: borrowing Call) throws(Failure) -> Value {
        try call.subtractElements(from: call.mutableTable("delete from"))
        return .none
    }

    private static func intersectionUpdate(_ call: borrowing Call) throws(Failure) -> Value {
        try call.retainElements(of: call.mutableTable("delete from"))
        return .none
    }

    private static func symmetricDifferenceUpdate(
        _ call: borrowing Call
    ) throws(Failure) -> Value {
        try call.expect(1)
        let set = try call.mutableTable("change")
        try set.formSymmetricDifference(call.table(0), in: call.arena)
        return .none
    }

    // MARK: Questions

    private static func issubset(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        return Value(try TableObject(call.receiver).isSubset(of: call.table(0)))
    }

    private static func issuperset(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        return Value(try call.table(0).isSubset(of: TableObject(call.receiver)))
    }

    private static func isdisjoint(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let (set, other) = (TableObject(call.receiver), try call.table(0))
        for number in 0..<other.used where !other.entries[number].key.isUnbound {
            if try set.contains(other.entries[number].key) { return .false }
        }
        return .true
    }
}

extension Call {
    fileprivate func removeElement(_ element: Value) throws(Failure) -> Bool {
        let set = try mutableTable("delete from")
        do throws(Failure) {
            return try set.remove(element) != nil
        } catch { throw failure(error) }
    }

    /// The elements of an argument as a table: the argument itself if it is a set or dict.
    fileprivate func table(_ position: Int) throws(Failure) -> TableObject {
        let elements = arguments[position]
        if elements.isObject(.set) || elements.isObject(.dict) { return TableObject(elements) }
        guard elements.isIterable else {
            throw failure(
                "argument #\(position + 1) is not iterable: \(elements.typeName)",
                hint: elements.iterationHint)
        }
        do throws(Failure) {
            return try arena.makeSet(from: elements)
        } catch { throw failure(error) }
    }

    fileprivate func addElements(to set: TableObject) throws(Failure) {
        try rejectKeywords()
        for position in 0..<positionalCount {
            let other = try table(position)
            try other.forEachKey { key throws(Failure) in try set.add(key, in: arena) }
        }
    }

    fileprivate func subtractElements(from set: TableObject) throws(Failure) {
        try rejectKeywords()
        for position in 0..<positionalCount { try set.subtract(table(position)) }
    }

    fileprivate func retainElements(of set: TableObject) throws(Failure) {
        try rejectKeywords()
        for position in 0..<positionalCount {
            let other = try table(position)
            try set.retain { key throws(Failure) in try other.contains(key) }
        }
    }
}

extension Arena {
    /// A new set of what the iterable yields.
    func makeSet(from iterable: Value) throws(Failure) -> TableObject {
        if iterable.isObject(.set) { return try TableObject(iterable).copy(in: self) }
        let set = try makeTable(.set)
        if let items = iterable.items {
            for index in 0..<items.count { try set.add(items[index], in: self) }
            return set
        }
        var iteration = try Iteration(over: iterable, in: self)
        while let element = try iteration.next() { try set.add(element, in: self) }
        return set
    }
}
