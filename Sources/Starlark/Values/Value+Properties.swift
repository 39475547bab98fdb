extension Value {
    @inline(__always) package var isString: Bool { isObject(.string) }
    @inline(__always) var isFloat: Bool { isObject(.float) }
    @inline(__always) var isInt: Bool { isSmallInt || isObject(.bigInt) }
    @inline(__always) var isNumber: Bool { isSmallInt || isObject(.bigInt) || isObject(.float) }
    package var isCallable: Bool {
        guard isObject else { return false }
        switch header.pointee.type {
        case .function, .builtin: return true
        case .host: return HostReference(object).isCallable
        default: return false
        }
    }

    /// What `type(x)` gives.
    package var typeName: String {
        guard isObject else {
            return isSmallInt ? "int" : isNone ? "NoneType" : isBool ? "bool" : "unbound"
        }
        switch header.pointee.type {
        case .string: return "string"
        case .bytes: return "bytes"
        case .bigInt: return "int"
        case .float: return "float"
        case .list: return "list"
        case .tuple: return "tuple"
        case .dict: return "dict"
        case .set: return "set"
        case .range: return "range"
        case .function: return "function"
        case .builtin: return "builtin_function_or_method"
        case .structure: return "struct"
        case .module: return "module"
        case .stringElements: return StringElementsObject(self).typeName
        case .host: return HostReference(object).typeName
        case .cell, .shape, .forwarded: return "internal"
        }
    }

    /// The truth value of the language.
    @inline(__always) package var isTruthy: Bool {
        if isBool { return isTrue }
        if isSmallInt { return smallInt != 0 }
        return isNone ? false : isTruthyObject
    }

    @inline(never)
    private var isTruthyObject: Bool {
        switch header.pointee.type {
        case .string, .bytes: return StringObject(self).count != 0
        case .float: return FloatObject(self).number != 0
        case .list, .tuple, .dict, .set: return header.pointee.auxiliary != 0
        case .range: return RangeObject(self).count != 0
        case .host: return HostReference(object).isTruthy
        default: return true
        }
    }

    /// The number of elements, or nil if the value has no length.
    var length: Int? {
        guard isObject else { return nil }
        switch header.pointee.type {
        case .string, .bytes: return StringObject(self).count
        case .list, .tuple, .dict, .set: return Int(header.pointee.auxiliary)
        case .range: return RangeObject(self).count
        case .stringElements: return StringElementsObject(self).length
        case .host: return HostReference(object).length
        default: return nil
        }
    }

    /// The value as a machine integer, or nil if it is no integer or too large.
    @inline(__always) var asInt: Int? {
        if isSmallInt { return smallInt }
        return isObject(.bigInt) ? BigIntObject(self).asInt : nil
    }
}

extension StringElementsObject {
    var typeName: String {
        let owner = Value(object: UnsafeMutableRawPointer(string.pointer)).typeName
        switch kind {
        case .elements, .ordinals: return "\(owner).elems"
        case .codePoints, .codePointOrdinals: return "\(owner).codepoints"
        }
    }

    /// Known without decoding for bytes only.
    var length: Int? {
        kind == .elements || kind == .ordinals ? string.count : nil
    }
}

extension Failure {
    /// A value that is frozen, or being iterated over, was to be changed.
    static func immutable(_ value: Value, _ operation: StaticString) -> Failure {
        let name = value.isObject(.list) ? "list" : "hash table"
        return value.header.pointee.flags.contains(.frozen)
            ? Failure("cannot \(operation) frozen \(name)")
            : Failure(
                "cannot \(operation) \(name) during iteration",
                hint: "iterate over a copy: `for x in list(...)`")
    }
}
