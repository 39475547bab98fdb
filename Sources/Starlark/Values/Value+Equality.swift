extension Value {
    /// Equality of the language (`==`). Fails only where values are nested too deeply.
    @inline(__always)
    func equals(_ other: Value) throws(Failure) -> Bool {
        // A container is compared with itself too: if it contains itself, that is an error.
        if bits == other.bits, !isContainer { return true }
        if !isObject && !other.isObject { return false }
        return try equalsSlowly(other)
    }

    private var isContainer: Bool {
        guard isObject else { return false }
        switch header.pointee.type {
        case .list, .tuple, .dict, .structure: return true
        default: return false
        }
    }

    /// Equality of keys of dicts and sets: as `equals`; keys do not contain themselves.
    @inline(__always)
    func equalsKey(_ other: Value) throws(Failure) -> Bool {
        if bits == other.bits { return true }
        if !isObject || !other.isObject {
            // An integer may equal a float.
            if !isObject && !other.isObject { return false }
            return try equalsSlowly(other)
        }
        if header.pointee.type == .string && other.header.pointee.type == .string {
            return StringObject(self).equals(StringObject(other))
        }
        return try equalsSlowly(other)
    }

    @inline(never)
    private func equalsSlowly(_ other: Value) throws(Failure) -> Bool {
        var effort = Effort()
        return try equals(other, &effort)
    }

    fileprivate func equals(_ other: Value, _ effort: inout Effort) throws(Failure) -> Bool {
        if bits == other.bits, !isContainer { return true }
        if !isObject || !other.isObject {
            guard isSmallInt || other.isSmallInt, isFloat || other.isFloat else { return false }
            return compareNumbers(other) == 0
        }
        let type = header.pointee.type
        let otherType = other.header.pointee.type
        if type != otherType {
            guard isNumber && other.isNumber else { return false }
            return compareNumbers(other) == 0
        }
        switch type {
        case .string, .bytes: return StringObject(self).equals(StringObject(other))
        case .float:
            // All NaN are equal (Starlark spec, Floating-point numbers).
            let (one, two) = (FloatObject(self).number, FloatObject(other).number)
            return one == two || (one.isNaN && two.isNaN)
        case .bigInt: return compareNumbers(other) == 0
        case .list, .tuple, .dict, .structure:
            try effort.enter()
            defer { effort.leave() }
            return try containerEquals(other, &effort)
        case .set: return try TableObject(self).equalsSet(TableObject(other))
        case .range: return RangeObject(self).equals(RangeObject(other))
        case .builtin:
            // Methods are values of their own each time they are taken from their receiver.
            let (one, two) = (BuiltinObject(self), BuiltinObject(other))
            return one.receiver.isUnbound && two.receiver.isUnbound
                && one.builtin.toOpaque() == two.builtin.toOpaque()
        case .host: return try HostReference(object).equals(HostReference(other.object))
        case .function, .module, .stringElements, .cell, .shape, .forwarded:
            return bits == other.bits
        }
    }

    /// Two containers of the same type.
    private func containerEquals(_ other: Value, _ effort: inout Effort) throws(Failure) -> Bool {
        switch header.pointee.type {
        case .list:
            try Value.itemsEqual(ListObject(self).buffer, ListObject(other).buffer, &effort)
        case .tuple:
            try Value.itemsEqual(TupleObject(self).buffer, TupleObject(other).buffer, &effort)
        case .dict: try TableObject(self).equalsDict(TableObject(other), &effort)
        default: try StructureObject(self).equals(StructureObject(other), &effort)
        }
    }

    private static func itemsEqual(
        _ a: UnsafeMutableBufferPointer<Value>, _ b: UnsafeMutableBufferPointer<Value>,
        _ effort: inout Effort
    ) throws(Failure) -> Bool {
        guard a.count == b.count else { return false }
        for index in 0..<a.count {
            let (x, y) = (a[index], b[index])
            if x.bits == y.bits, !x.isObject { continue }
            if x.isString, y.isString {
                if StringObject(x).equals(StringObject(y)) { continue }
                return false
            }
            if try !x.equals(y, &effort) { return false }
        }
        return true
    }
}

extension TableObject {
    fileprivate func equalsDict(
        _ other: TableObject, _ effort: inout Effort
    ) throws(Failure) -> Bool {
        guard count == other.count else { return false }
        for number in 0..<used where !entries[number].key.isUnbound {
            guard let value = try other.get(entries[number].key) else { return false }
            if try !entries[number].value.equals(value, &effort) { return false }
        }
        return true
    }

    func equalsSet(_ other: TableObject) throws(Failure) -> Bool {
        guard count == other.count else { return false }
        for number in 0..<used where !entries[number].key.isUnbound {
            if try !other.contains(entries[number].key) { return false }
        }
        return true
    }
}

extension RangeObject {
    /// Ranges are equal if they have the same elements.
    fileprivate func equals(_ other: RangeObject) -> Bool {
        guard count == other.count else { return false }
        return count == 0 || (start == other.start && (count == 1 || step == other.step))
    }
}

extension StructureObject {
    fileprivate func equals(
        _ other: StructureObject, _ effort: inout Effort
    ) throws(Failure) -> Bool {
        guard shape.count == other.shape.count,
            try constructor.equals(other.constructor, &effort)
        else { return false }
        for index in 0..<shape.count {
            let (name, otherName) = (shape.names[index], other.shape.names[index])
            guard StringObject(name).equals(StringObject(otherName)),
                try fields[index].equals(other.fields[index], &effort)
            else { return false }
        }
        return true
    }
}
