extension Operations {
    /// `x + y` of sequences and structures, or nil if they have no sum.
    static func concatenate(_ x: Value, _ y: Value, _ arena: Arena) throws(Failure) -> Value? {
        guard x.isObject, y.isObject, x.header.pointee.type == y.header.pointee.type
        else { return nil }
        switch x.header.pointee.type {
        case .string, .bytes: return try joined(StringObject(x), StringObject(y), arena)
        case .list:
            let (first, second) = (ListObject(x), ListObject(y))
            let count = first.count + second.count
            let list = try arena.makeEmptyList(capacity: count)
            list.items.update(from: first.items, count: first.count)
            (list.items + first.count).update(from: second.items, count: second.count)
            list.count = count
            return list.value
        case .tuple:
            let (first, second) = (TupleObject(x), TupleObject(y))
            if first.count == 0 { return y }
            if second.count == 0 { return x }
            let tuple = try arena.makeTuple(count: first.count + second.count)
            tuple.items.update(from: first.items, count: first.count)
            (tuple.items + first.count).update(from: second.items, count: second.count)
            return tuple.value
        case .structure: return try merged(StructureObject(x), StructureObject(y), arena)
        default: return nil
        }
    }

    private static func joined(
        _ x: StringObject, _ y: StringObject, _ arena: Arena
    ) throws(Failure) -> Value {
        if x.count == 0 { return y.value }
        if y.count == 0 { return x.value }
        let string = try arena.makeString(
            count: x.count + y.count, type: x.pointer.pointee.header.type)
        string.start.update(from: x.start, count: x.count)
        (string.start + x.count).update(from: y.start, count: y.count)
        return string.value
    }

    /// The fields of both; where both have one, that of `y`.
    private static func merged(
        _ x: StructureObject, _ y: StructureObject, _ arena: Arena
    ) throws(Failure) -> Value {
        if try !x.constructor.equals(y.constructor) {
            var text = ByteBuilder(arena)
            var writer = ValueWriter()
            try writer.writeConstructor(of: x, to: &text)
            try text.append(" + ")
            try writer.writeConstructor(of: y, to: &text)
            let constructors = String(decoding: text.bytes, as: UTF8.self)
            throw Failure("cannot add structs of different constructors: \(constructors)")
        }
        var fields: [(name: Value, value: Value)] = []
        for index in 0..<x.shape.count {
            let name = x.shape.names[index]
            if y.field(StringObject(name)) == nil { fields.append((name, x.fields[index])) }
        }
        for index in 0..<y.shape.count {
            fields.append((y.shape.names[index], y.fields[index]))
        }
        return try arena.makeStructure(.structure, constructor: x.constructor, fields: fields)
    }

    /// `x * y` of a sequence and an integer in either order, or nil if they have no product.
    static func repeated(_ x: Value, _ y: Value, _ arena: Arena) throws(Failure) -> Value? {
        if y.isInt { return try repeated(x, times: y, arena) }
        return x.isInt ? try repeated(y, times: x, arena) : nil
    }

    private static func repeated(
        _ x: Value, times: Value, _ arena: Arena
    ) throws(Failure) -> Value? {
        guard x.isObject else { return nil }
        switch x.header.pointee.type {
        case .string, .bytes:
            let string = StringObject(x)
            let total = try repeatedCount(string.count, times, elementSize: 1, arena)
            if total == string.count { return x }
            let type = string.pointer.pointee.header.type
            let result = try arena.makeString(count: total, type: type)
            fill(result.start, count: total, repeating: string.start, string.count)
            return result.value
        case .list:
            let list = ListObject(x)
            let total = try repeatedCount(list.count, times, elementSize: 8, arena)
            let result = try arena.makeEmptyList(capacity: total)
            fill(result.items, count: total, repeating: list.items, list.count)
            result.count = total
            return result.value
        case .tuple:
            let tuple = TupleObject(x)
            let total = try repeatedCount(tuple.count, times, elementSize: 8, arena)
            if total == tuple.count { return x }
            let result = try arena.makeTuple(count: total)
            fill(result.items, count: total, repeating: tuple.items, tuple.count)
            return result.value
        default: return nil
        }
    }

    /// The number of elements of a repetition, known to be allowed.
    private static func repeatedCount(
        _ count: Int, _ times: Value, elementSize: Int, _ arena: Arena
    ) throws(Failure) -> Int {
        if count == 0 { return 0 }
        guard let factor = times.asInt, Int(Int32.min)...Int(Int32.max) ~= factor else {
            throw Failure("repeat count \(times.excerpt(in: arena)) too large")
        }
        if factor < 1 { return 0 }
        // Both are below 2^31.
        let total = count * factor
        if total >= Arena.maximumObjectSize / elementSize {
            throw Failure("excessive repeat (\(count) * \(factor) elements)")
        }
        try arena.checkSize(total * elementSize)
        return total
    }

    /// Copies what is there already, so that few large copies do the work.
    private static func fill<Element: BitwiseCopyable>(
        _ target: UnsafeMutablePointer<Element>, count: Int,
        repeating source: UnsafeMutablePointer<Element>, _ sourceCount: Int
    ) {
        guard count > 0 else { return }
        target.update(from: source, count: sourceCount)
        var filled = sourceCount
        while filled < count {
            let next = min(filled, count - filled)
            (target + filled).update(from: target, count: next)
            filled += next
        }
    }
}
