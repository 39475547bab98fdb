extension Value {
    /// The hash of a key: equal values have equal hashes. Fails for values that are not hashable.
    ///
    /// It depends on no address, because objects move. Never shown to a program (`hash()` differs).
    @inline(__always)
    func hash() throws(Failure) -> UInt32 {
        if !isObject { return ByteHash.hash(word: UInt64(bits)) }
        if header.pointee.type == .string { return StringObject(self).hash }
        return try hashSlowly()
    }

    @inline(never)
    private func hashSlowly() throws(Failure) -> UInt32 {
        var effort = Effort()
        return try hash(&effort)
    }

    private func hash(_ effort: inout Effort) throws(Failure) -> UInt32 {
        guard isObject else { return try hash() }
        switch header.pointee.type {
        case .string, .bytes: return StringObject(self).hash
        case .bigInt: return BigIntObject(self).hash
        case .float: return FloatObject(self).hash
        case .tuple:
            let items = TupleObject(self).buffer
            return try Value.hash(items: items, seed: 0x7475, &effort)
        case .structure:
            let structure = StructureObject(self)
            let fields = UnsafeMutableBufferPointer(
                start: structure.fields, count: structure.shape.count)
            var names: UInt32 = 0
            for index in 0..<fields.count { names = names &* 31 &+ structure.shape.hashes[index] }
            return try Value.hash(items: fields, seed: UInt64(names), &effort)
        case .function:
            return ByteHash.hash(word: UInt64(UInt(bitPattern: FunctionObject(self).code)))
        case .builtin:
            let address = UInt(bitPattern: BuiltinObject(self).builtin.toOpaque())
            return ByteHash.hash(word: UInt64(address))
        case .host: return try HostReference(object).hash()
        case .range, .module, .stringElements: throw Failure("unhashable: \(typeName)")
        case .list, .dict, .set, .cell, .shape, .forwarded:
            throw Failure("unhashable type: \(typeName)", hint: unhashableHint)
        }
    }

    private var unhashableHint: String? {
        switch header.pointee.type {
        case .list: "use a tuple, whose items must be hashable too"
        case .dict, .set: "use a tuple of its sorted items"
        default: nil
        }
    }

    private static func hash(
        items: UnsafeMutableBufferPointer<Value>, seed: UInt64, _ effort: inout Effort
    ) throws(Failure) -> UInt32 {
        try effort.enter()
        defer { effort.leave() }
        var state = seed
        for item in items {
            let next =
                item.isObject
                ? try item.hash(&effort) : ByteHash.hash(word: UInt64(item.bits))
            state = (state ^ UInt64(next)) &* 0x9e37_79b9_7f4a_7c15
        }
        return ByteHash.hash(word: state)
    }
}

extension FloatObject {
    /// As the integer of the same value has it, if there is one.
    var hash: UInt32 {
        let number = self.number
        if let int = Int(exactly: number), Value.fitsSmallInt(int) {
            return ByteHash.hash(word: UInt64(Value(smallInt: int).bits))
        }
        if number.isNaN { return 0x7ff8 }
        if number.isInfinite { return number < 0 ? 0xfff0 : 0x7ff0 }
        if number.rounded(.towardZero) == number { return BigIntObject.hash(integral: number) }
        return ByteHash.hash(word: number.bitPattern)
    }
}
