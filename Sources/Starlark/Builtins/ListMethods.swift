/// The methods of lists.
enum ListMethods {
    static let all: [Builtin] = [
        Builtin("append", append),
        Builtin("clear", clear),
        Builtin("extend", extend),
        Builtin("index", index),
        Builtin("insert", insert),
        Builtin("pop", pop),
        Builtin("remove", remove),
    ]

    private static func append(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let list = try call.mutableList("append to")
        try list.append(call[0], in: call.arena)
        return .none
    }

    private static func clear(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(0)
        try call.mutableList("clear").count = 0
        return .none
    }

    private static func extend(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let items = try call.iterable(0)
        try call.mutableList("extend").extend(with: items, in: call.arena)
        return .none
    }

    private static func index(_ call: borrowing Call) throws(Failure) -> Value {
        _ = try call.expect(1...3)
        let list = ListObject(call.receiver)
        let range = try call.bounds(call.optional(1), call.optional(2), count: list.count)
        for index in range where try list.items[index].equals(call[0]) {
            return Value(smallInt: index)
        }
        throw call.failure("value not in list")
    }

    private static func insert(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(2)
        let position = try call.int(0)
        let list = try call.mutableList("insert into")
        let index = position < 0 ? position &+ list.count : position
        try list.insert(call[1], at: min(max(index, 0), list.count), in: call.arena)
        return .none
    }

    private static func pop(_ call: borrowing Call) throws(Failure) -> Value {
        let count = ListObject(call.receiver).count
        let position = try call.expect(0...1) == 0 ? -1 : try call.int(0)
        let index = position < 0 ? position &+ count : position
        guard index >= 0, index < count else {
            throw call.failure(
                Operations.outOfRange("\(position)", call.receiver, count: count))
        }
        return try call.mutableList("pop from").remove(at: index)
    }

    private static func remove(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let list = try call.mutableList("remove from")
        for index in 0..<list.count where try list.items[index].equals(call[0]) {
            _ = list.remove(at: index)
            return .none
        }
        throw call.failure("element not found")
    }
}

extension Call {
    /// The receiver, a list that may be changed. `operation` completes "cannot …".
    @inline(__always)
    fileprivate func mutableList(_ operation: StaticString) throws(Failure) -> ListObject {
        let list = ListObject(receiver)
        do throws(Failure) { try list.checkMutable(operation) } catch { throw failure(error) }
        return list
    }
}

extension ListObject {
    func reverse() {
        var buffer = self.buffer
        buffer.reverse()
    }

    /// Appends what the iterable yields, without a check for mutability.
    func extend(with iterable: Value, in arena: Arena) throws(Failure) {
        if let items = iterable.items {
            // The list may be extended with itself: its items move, their number is known.
            let (count, added) = (self.count, items.count)
            try reserve(count + added, in: arena)
            guard let source = iterable.items?.baseAddress else { return }
            (self.items + count).update(from: source, count: added)
            self.count = count + added
            return
        }
        var iteration = try Iteration(over: iterable, in: arena)
        let hint = iteration.lengthHint
        guard hint <= ListObject.maximumCount else {
            throw Failure.limit("list too long: more than \(ListObject.maximumCount) items")
        }
        try reserve(count + hint, in: arena)
        while let item = try iteration.next() { try append(item, in: arena) }
    }
}

extension Arena {
    /// An empty list with room for `capacity` items, which may be any number.
    func makeEmptyList(capacity: Int) throws(Failure) -> ListObject {
        guard capacity <= ListObject.maximumCount else {
            throw Failure.limit("list too long: more than \(ListObject.maximumCount) items")
        }
        return try makeList(capacity: capacity)
    }

    /// A new list of what the iterable yields.
    func makeList(from iterable: Value) throws(Failure) -> ListObject {
        let list = try makeEmptyList(capacity: iterable.length ?? 0)
        try list.extend(with: iterable, in: self)
        return list
    }
}
