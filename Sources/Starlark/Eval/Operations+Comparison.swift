extension Operations {
    /// `x op y` for the six comparisons.
    @inline(__always)
    static func compare(_ op: Operator, _ x: Value, _ y: Value) throws(Failure) -> Bool {
        switch op {
        case .equal: return try x.equals(y)
        case .notEqual: return try !x.equals(y)
        default: return try order(op, x, y, depth: 0)
        }
    }

    /// `x < y`, for sorting.
    @inline(__always)
    static func less(_ x: Value, _ y: Value) throws(Failure) -> Bool {
        if x.isSmallInt, y.isSmallInt { return x.smallInt < y.smallInt }
        if x.isString, y.isString { return StringObject(x).compare(StringObject(y)) < 0 }
        return try order(.less, x, y, depth: 0)
    }

    @inline(never)
    private static func order(
        _ op: Operator, _ x: Value, _ y: Value, depth: Int
    ) throws(Failure) -> Bool {
        if depth > Effort.maximumDepth {
            throw Failure("comparison exceeded maximum recursion depth")
        }
        if x.isNumber, y.isNumber { return holds(op, x.compareNumbers(y)) }
        if x.isBool, y.isBool { return holds(op, (x.isTrue ? 1 : 0) - (y.isTrue ? 1 : 0)) }
        guard x.isObject, y.isObject, x.header.pointee.type == y.header.pointee.type
        else { throw unordered(op, x, y) }
        switch x.header.pointee.type {
        case .string, .bytes: return holds(op, StringObject(x).compare(StringObject(y)))
        case .list: return try order(op, ListObject(x).buffer, ListObject(y).buffer, depth)
        case .tuple: return try order(op, TupleObject(x).buffer, TupleObject(y).buffer, depth)
        case .host:
            let order = try HostReference(x.object).compare(HostReference(y.object))
            guard let order else { throw unordered(op, x, y) }
            return holds(op, order)
        default: throw unordered(op, x, y)
        }
    }

    /// The first elements that are not equal decide, then the lengths.
    private static func order(
        _ op: Operator, _ x: UnsafeMutableBufferPointer<Value>,
        _ y: UnsafeMutableBufferPointer<Value>, _ depth: Int
    ) throws(Failure) -> Bool {
        for index in 0..<min(x.count, y.count) {
            let (a, b) = (x[index], y[index])
            if a.isSmallInt, b.isSmallInt {
                if a.bits != b.bits { return holds(op, a.smallInt < b.smallInt ? -1 : 1) }
            } else if a.isString, b.isString {
                let order = StringObject(a).compare(StringObject(b))
                if order != 0 { return holds(op, order) }
            } else if try !a.equals(b) {
                return try order(op, a, b, depth: depth + 1)
            }
        }
        return holds(op, x.count - y.count)
    }

    @inline(__always)
    private static func holds(_ op: Operator, _ order: Int) -> Bool {
        switch op {
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        default: order >= 0
        }
    }

    @inline(never)
    private static func unordered(_ op: Operator, _ x: Value, _ y: Value) -> Failure {
        Failure("\(x.typeName) \(op.text) \(y.typeName) not implemented")
    }
}
