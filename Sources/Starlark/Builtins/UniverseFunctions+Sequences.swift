extension UniverseFunctions {
    static func list(_ call: borrowing Call) throws(Failure) -> Value {
        if try call.expect(0...1) == 0 { return try call.arena.makeList(capacity: 0).value }
        return try call.arena.makeList(from: call.iterable(0)).value
    }

    static func tuple(_ call: borrowing Call) throws(Failure) -> Value {
        if try call.expect(0...1) == 0 { return try call.arena.makeTuple(count: 0).value }
        let iterable = try call.iterable(0)
        if iterable.isObject(.tuple) { return iterable }
        if let items = iterable.items { return try call.arena.makeTuple(copying: items).value }
        let list = try call.arena.makeList(from: iterable)
        return try call.arena.makeTuple(copying: list.buffer).value
    }

    static func set(_ call: borrowing Call) throws(Failure) -> Value {
        if try call.expect(0...1) == 0 { return try call.arena.makeTable(.set).value }
        let iterable = try call.iterable(0)
        do throws(Failure) {
            return try call.arena.makeSet(from: iterable).value
        } catch { throw call.failure(error) }
    }

    static func dict(_ call: borrowing Call) throws(Failure) -> Value {
        if call.positionalCount > 1 {
            throw call.failure("got \(call.positionalCount) arguments, want at most 1")
        }
        let dict = try call.arena.makeTable(.dict, capacity: call.keywordCount)
        try call.update(dict)
        return dict.value
    }

    static func reversed(_ call: borrowing Call) throws(Failure) -> Value {
        try call.expect(1)
        let list = try call.arena.makeList(from: call.iterable(0))
        list.reverse()
        return list.value
    }

    static func enumerate(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(1...2)
        let arena = call.arena
        let iterable = try call.iterable(0)
        let start = count == 2 ? try call.int(1) : 0
        let list = try arena.makeEmptyList(capacity: iterable.length ?? 0)
        var iteration = try Iteration(over: iterable, in: arena)
        while let element = try iteration.next() {
            let (number, isTooLarge) = start.addingReportingOverflow(list.count)
            if isTooLarge { throw call.failure("\(start) + \(list.count) out of range") }
            let pair = try arena.makeTuple(count: 2)
            pair.items[0] = arena.makeInt(number)
            pair.items[1] = element
            try list.append(pair.value, in: arena)
        }
        return list.value
    }

    static func zip(_ call: borrowing Call) throws(Failure) -> Value {
        try call.rejectKeywords()
        let (arena, columns) = (call.arena, call.positionalCount)
        guard columns > 0 else { return try arena.makeList(capacity: 0).value }
        // The columns as items: where they lie for lists and tuples, else in a list made for it.
        var rows = Int.max
        let lists = try arena.makeTuple(count: columns)
        for column in 0..<columns {
            let iterable = call[column]
            guard iterable.isIterable else {
                throw call.failure("argument #\(column + 1) is not iterable: \(iterable.typeName)")
            }
            rows = Swift.min(rows, iterable.length ?? .max)
            lists.items[column] = iterable
        }
        for column in 0..<columns where lists.items[column].items == nil {
            let list = try prefix(of: lists.items[column], count: rows, arena)
            lists.items[column] = list.value
            rows = Swift.min(rows, list.count)
        }
        let result = try arena.makeEmptyList(capacity: rows)
        for row in 0..<rows {
            let tuple = try arena.makeTuple(count: columns)
            for column in 0..<columns {
                tuple.items[column] = lists.items[column].items?[row] ?? .none
            }
            result.items[row] = tuple.value
        }
        result.count = rows
        return result.value
    }

    /// A list of the first elements, `count` at most.
    private static func prefix(
        of iterable: Value, count: Int, _ arena: Arena
    ) throws(Failure) -> ListObject {
        let list = try arena.makeEmptyList(
            capacity: Swift.min(count, iterable.length ?? 0))
        var iteration = try Iteration(over: iterable, in: arena)
        while list.count < count, let element = try iteration.next() {
            try list.append(element, in: arena)
        }
        return list
    }

    static func range(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(1...3)
        let first = try call.int(0)
        let start = count == 1 ? 0 : first
        let stop = count == 1 ? first : try call.int(1)
        let step = count == 3 ? try call.int(2) : 1
        if step == 0 { throw call.failure("step argument must not be zero") }
        // Differences are computed without a sign, where they cannot overflow.
        let isEmpty = step > 0 ? start >= stop : start <= stop
        let distance = UInt(bitPattern: step > 0 ? stop &- start : start &- stop)
        let length = isEmpty ? 0 : (distance &- 1) / step.magnitude &+ 1
        guard let length = Int(exactly: length) else {
            throw call.failure(
                "len(range(\(start), \(stop), \(step))) out of range "
                    + "(want value in signed 64-bit range)")
        }
        return call.arena.makeRange(start: start, stop: stop, step: step, count: length)
    }

    // MARK: min, max

    static func min(_ call: borrowing Call) throws(Failure) -> Value {
        try extremum(call, .less)
    }

    static func max(_ call: borrowing Call) throws(Failure) -> Value {
        try extremum(call, .greater)
    }

    /// The first of the elements whose key no other key is `op` to.
    private static func extremum(_ call: borrowing Call, _ op: Operator) throws(Failure) -> Value {
        guard call.positionalCount > 0 else {
            throw Failure("\(call.name) requires at least one positional argument")
        }
        let options = try call.keywordsOnly.bind("key?")
        let key = options[0].isUnbound ? Value.none : try call.callable(options[0], "key")
        let iterable: Value
        if call.positionalCount == 1 {
            iterable = call[0]
            guard iterable.isIterable else {
                throw call.failure(
                    "\(iterable.typeName) value is not iterable", hint: iterable.iterationHint)
            }
        } else {
            let arguments = UnsafeMutableBufferPointer(
                start: call.arguments, count: call.positionalCount)
            iterable = try call.arena.makeTuple(copying: arguments).value
        }
        var iteration = try Iteration(over: iterable, in: call.arena)
        guard var best = try iteration.next() else {
            throw call.failure("argument is an empty sequence")
        }
        var bestKey = key.isNone ? best : try call.machine.call(key, best)
        while let element = try iteration.next() {
            let elementKey = key.isNone ? element : try call.machine.call(key, element)
            if try isBetter(elementKey, bestKey, op, call) {
                (best, bestKey) = (element, elementKey)
            }
        }
        return best
    }

    private static func isBetter(
        _ key: Value, _ bestKey: Value, _ op: Operator, _ call: borrowing Call
    ) throws(Failure) -> Bool {
        do throws(Failure) {
            return try Operations.compare(op, key, bestKey)
        } catch { throw call.failure(error) }
    }
}
