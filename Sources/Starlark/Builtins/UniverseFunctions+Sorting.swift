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

    /// An element and what it is sorted by.
    private struct Keyed: BitwiseCopyable {
        var key: Value
        var element: Value
    }

    private static func sort(
        _ list: ListObject, by key: Value, isReversed: Bool, _ call: borrowing Call
    ) throws(Failure) {
        let count = list.count
        try call.arena.checkSize(count * 4 * MemoryLayout<Value>.size)
        let memory = UnsafeMutableBufferPointer<Keyed>.allocate(capacity: count * 2)
        defer { memory.deallocate() }
        for index in 0..<count {
            let element = list.items[index]
            memory[index] = Keyed(key: try call.machine.call(key, element), element: element)
        }
        let elements = UnsafeMutableBufferPointer(rebasing: memory[0..<count])
        let scratch = UnsafeMutableBufferPointer(rebasing: memory[count...])
        if isReversed {
            try StableSort.sort(elements, scratch: scratch) { later, earlier throws(Failure) in
                try Operations.less(earlier.key, later.key)
            }
        } else {
            try StableSort.sort(elements, scratch: scratch) { later, earlier throws(Failure) in
                try Operations.less(later.key, earlier.key)
            }
        }
        for index in 0..<count { list.items[index] = elements[index].element }
    }

    private static func sort(
        _ elements: UnsafeMutableBufferPointer<Value>, isReversed: Bool, _ arena: Arena
    ) throws(Failure) {
        guard elements.count > 1 else { return }
        if elements.allSatisfy(\.isSmallInt) {
            // Tagged integers are in the order of their words, and equal ones are the same.
            let words = UnsafeMutableRawBufferPointer(elements).bindMemory(to: Int.self)
            var sorted = words
            if isReversed { sorted.sort(by: >) } else { sorted.sort() }
            return
        }
        if elements.allSatisfy(\.isString) {
            return try sortStrings(elements, isReversed: isReversed, arena)
        }
        try arena.checkSize(elements.count * MemoryLayout<Value>.size)
        let scratch = UnsafeMutableBufferPointer<Value>.allocate(capacity: elements.count)
        defer { scratch.deallocate() }
        if isReversed {
            try StableSort.sort(elements, scratch: scratch) { later, earlier throws(Failure) in
                try Operations.less(earlier, later)
            }
        } else {
            try StableSort.sort(elements, scratch: scratch) { later, earlier throws(Failure) in
                try Operations.less(later, earlier)
            }
        }
    }

    /// A string and its first eight bytes as a number, which decide most comparisons.
    private struct Prefixed: BitwiseCopyable {
        var prefix: UInt64
        var string: Value

        init(_ string: Value) {
            self.string = string
            let bytes = StringObject(string).bytes
            prefix = 0
            for index in 0..<8 {
                prefix = prefix &<< 8 | (index < bytes.count ? UInt64(bytes[index]) : 0)
            }
        }

        @inline(__always)
        func isLess(than other: Prefixed) -> Bool {
            if prefix != other.prefix { return prefix < other.prefix }
            return StringObject(string).compare(StringObject(other.string)) < 0
        }
    }

    private static func sortStrings(
        _ elements: UnsafeMutableBufferPointer<Value>, isReversed: Bool, _ arena: Arena
    ) throws(Failure) {
        let count = elements.count
        try arena.checkSize(count * 4 * MemoryLayout<Value>.size)
        let memory = UnsafeMutableBufferPointer<Prefixed>.allocate(capacity: count * 2)
        defer { memory.deallocate() }
        for index in 0..<count { memory[index] = Prefixed(elements[index]) }
        let strings = UnsafeMutableBufferPointer(rebasing: memory[0..<count])
        let scratch = UnsafeMutableBufferPointer(rebasing: memory[count...])
        if isReversed {
            try StableSort.sort(strings, scratch: scratch) { later, earlier throws(Failure) in
                earlier.isLess(than: later)
            }
        } else {
            try StableSort.sort(strings, scratch: scratch) { later, earlier throws(Failure) in
                later.isLess(than: earlier)
            }
        }
        for index in 0..<count { elements[index] = strings[index].string }
    }
}
