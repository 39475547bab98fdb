extension UniverseFunctions {
    static func sorted(_ call: borrowing Call) throws(Failure) -> Value {
        let bound = try call.bind("iterable", "key?", "reverse?")
        let iterable = try call.iterable(bound[0], "iterable")
        let isReversed = bound[2].isUnbound ? false : try call.bool(bound[2], "reverse")
        if bound[1].isUnbound {
            let list = try call.arena.makeList(from: iterable)
            try sort(list.buffer, isReversed: isReversed, call.arena)
            return list.value
        }
        let key = try call.callable(bound[1], "key")
        var iteration = try Iteration(over: iterable, in: call.arena)
        let list = try call.arena.makeEmptyList(capacity: iteration.lengthHint)
        while let element = try iteration.next() { try list.append(element, in: call.arena) }
        try sort(list, by: key, isReversed: isReversed, call)
        // Until here the key function, too, could not change what is being sorted.
        _ = consume iteration
        return list.value
    }

    private static func sort(
        _ list: ListObject, by key: Value, isReversed: Bool, _ call: borrowing Call
    ) throws(Failure) {
        let count = list.count
        try call.arena.checkSize(count * MemoryLayout<Value>.size)
        let keys = UnsafeMutableBufferPointer<Value>.allocate(capacity: count)
        defer { keys.deallocate() }
        // Nothing moves while a builtin runs: the words stay valid.
        for index in 0..<count { keys[index] = try call.machine.call(key, list.items[index]) }
        try KeySort.sort(list.buffer, by: keys, isReversed: isReversed, in: call.arena)
    }

    private static func sort(
        _ elements: UnsafeMutableBufferPointer<Value>, isReversed: Bool, _ arena: Arena
    ) throws(Failure) {
        guard elements.allSatisfy(\.isSmallInt) else {
            return try KeySort.sort(elements, by: elements, isReversed: isReversed, in: arena)
        }
        // Tagged integers are in the order of their words, and equal ones are the same.
        let words = UnsafeMutableRawBufferPointer(elements).bindMemory(to: Int.self)
        var sorted = words
        if isReversed { sorted.sort(by: >) } else { sorted.sort() }
    }
}
