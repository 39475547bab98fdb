/// What the virtual machine does out of line: operators on any values.
enum Operations {
    /// `x op y` for every operator but `and` and `or`.
    static func binary(
        _ op: Operator, _ x: Value, _ y: Value, _ machine: Machine
    ) throws(Failure) -> Value {
        let arena = machine.arena
        if x.isNumber, y.isNumber, op.isArithmetic {
            if let result = try Arithmetic.binary(op, x, y, in: arena) { return result }
            throw unknown(op, x, y)
        }
        switch op {
        case .plus: if let sum = try concatenate(x, y, arena) { return sum }
        case .times: if let product = try repeated(x, y, arena) { return product }
        case .modulo:
            if x.isString {
                return try StringFormat.interpolate(StringObject(x), y, in: arena)
            }
        case .bitOr, .bitAnd, .bitXor, .minus:
            if let result = try combine(op, x, y, arena) { return result }
        case .in: return Value(try contains(y, x, arena))
        case .notIn: return Value(!(try contains(y, x, arena)))
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return Value(try compare(op, x, y))
        case .divide, .floorDivide, .shiftLeft, .shiftRight, .and, .or, .not, .tilde: break
        }
        if let result = try hostBinary(op, x, y, arena) { return result }
        throw unknown(op, x, y)
    }

    /// The left operand is asked first.
    private static func hostBinary(
        _ op: Operator, _ x: Value, _ y: Value, _ arena: Arena
    ) throws(Failure) -> Value? {
        if x.isObject(.host),
            let result = try HostReference(x.object).binary(op, y, .left, in: arena)
        {
            return result
        }
        guard y.isObject(.host) else { return nil }
        return try HostReference(y.object).binary(op, x, .right, in: arena)
    }

    /// `x op= y`: changes `x` in place where the language says so, and returns the new value.
    static func augmented(
        _ op: Operator, _ x: Value, _ y: Value, _ machine: Machine
    ) throws(Failure) -> Value {
        switch op {
        case .plus where x.isObject(.list) && y.isIterable:
            let list = ListObject(x)
            try list.checkMutable("apply += to")
            try list.extend(with: y, in: machine.arena)
            return x
        case .bitOr where x.isObject(.dict) && y.isObject(.dict):
            let dict = TableObject(x)
            try dict.checkMutable("apply |= to")
            try dict.merge(TableObject(y), in: machine.arena)
            return x
        case .bitOr, .bitAnd, .bitXor, .minus:
            guard x.isObject(.set), y.isObject(.set) else { break }
            try TableObject(x).combine(op, with: TableObject(y), in: machine.arena)
            return x
        default: break
        }
        return try binary(op, x, y, machine)
    }

    /// `-x`, `+x`, `~x`, `not x`.
    static func unary(_ op: Operator, _ x: Value, _ machine: Machine) throws(Failure) -> Value {
        let result: Value?
        switch op {
        case .not: result = Value(!x.isTruthy)
        case .minus: result = try Arithmetic.negate(x, in: machine.arena)
        case .plus: result = Arithmetic.plus(x)
        default: result = try Arithmetic.invert(x, in: machine.arena)
        }
        if let result { return result }
        throw Failure("unknown unary op: \(op.text) \(x.typeName)")
    }

    @inline(never)
    static func unknown(_ op: Operator, _ x: Value, _ y: Value) -> Failure {
        var hint: String?
        if op == .plus, x.isString != y.isString {
            let other = x.isString ? y : x
            if other.isNumber || other.isBool || other.isNone {
                hint = "use `str` to convert the \(other.typeName) to a string"
            }
        } else if op == .plus, x.isObject(.dict), y.isObject(.dict) {
            hint = "use `|` to unite dicts"
        } else if op == .plus, x.isObject(.set), y.isObject(.set) {
            hint = "use `|` to unite sets"
        } else if op == .plus, x.items != nil, y.items != nil {
            hint = "convert one of them with `list` or `tuple`"
        }
        return Failure("unknown binary op: \(x.typeName) \(op.text) \(y.typeName)", hint: hint)
    }
}

extension Operator {
    fileprivate var isArithmetic: Bool {
        switch self {
        case .plus, .minus, .times, .divide, .floorDivide, .modulo, .bitOr, .bitAnd, .bitXor,
            .shiftLeft, .shiftRight:
            return true
        default: return false
        }
    }

    /// As it is written in a program.
    var text: StaticString {
        switch self {
        case .or: "or"
        case .and: "and"
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .greater: ">"
        case .lessOrEqual: "<="
        case .greaterOrEqual: ">="
        case .in: "in"
        case .notIn: "not in"
        case .bitOr: "|"
        case .bitXor: "^"
        case .bitAnd: "&"
        case .shiftLeft: "<<"
        case .shiftRight: ">>"
        case .plus: "+"
        case .minus: "-"
        case .times: "*"
        case .divide: "/"
        case .floorDivide: "//"
        case .modulo: "%"
        case .not: "not"
        case .tilde: "~"
        }
    }
}
