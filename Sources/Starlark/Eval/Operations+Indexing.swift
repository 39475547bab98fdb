extension Operations {
    /// `x[index]`.
    static func index(_ x: Value, _ index: Value, _ machine: Machine) throws(Failure) -> Value {
        guard x.isObject else { throw notIndexable(x, index) }
        switch x.header.pointee.type {
        case .list:
            let list = ListObject(x)
            return list.items[try position(index, in: x, count: list.count, machine.arena)]
        case .tuple:
            let tuple = TupleObject(x)
            return tuple.items[try position(index, in: x, count: tuple.count, machine.arena)]
        case .string:
            let string = StringObject(x)
            let offset = try position(index, in: x, count: string.count, machine.arena)
            return SharedStrings.byte(string.start[offset])
        case .bytes:
            let string = StringObject(x)
            let offset = try position(index, in: x, count: string.count, machine.arena)
            return Value(smallInt: Int(string.start[offset]))
        case .dict:
            if let value = try TableObject(x).get(index) { return value }
            throw Failure("key \(index.excerpt(in: machine.arena)) not in dict")
        case .range:
            let range = RangeObject(x)
            let offset = try position(index, in: x, count: range.count, machine.arena)
            return machine.arena.makeInt(range.element(offset))
        case .stringElements:
            let elements = StringElementsObject(x)
            guard let count = elements.length else { throw notIndexable(x, index) }
            return elements.element(try position(index, in: x, count: count, machine.arena))
        case .host: return try HostReference(x.object).element(for: index, in: machine.arena)
        default: throw notIndexable(x, index)
        }
    }

    /// `x[index] = value`.
    static func setIndex(
        _ x: Value, _ index: Value, _ value: Value, _ machine: Machine
    ) throws(Failure) {
        if x.isObject(.list) {
            let list = ListObject(x)
            let offset = try position(index, in: x, count: list.count, machine.arena)
            try list.checkMutable("assign to element of")
            list.items[offset] = value
        } else if x.isObject(.dict) {
            let dict = TableObject(x)
            try dict.checkMutable("insert into")
            try dict.set(index, value, in: machine.arena)
        } else if x.isObject(.host) {
            try HostReference(x.object).setElement(for: index, to: value, in: machine.arena)
        } else {
            throw Failure("\(x.typeName) value does not support item assignment")
        }
    }

    /// `x[low:high:step]`; bounds that are absent are None or unbound.
    static func slice(
        _ x: Value, _ low: Value, _ high: Value, _ step: Value, _ machine: Machine
    ) throws(Failure) -> Value {
        guard x.isObject, let length = x.length else { throw notSliceable(x) }
        let arena = machine.arena
        switch x.header.pointee.type {
        case .list:
            let bounds = try SliceBounds(low, high, step, length: length)
            let list = try arena.makeEmptyList(capacity: bounds.count)
            copy(ListObject(x).items, to: list.items, bounds)
            list.count = bounds.count
            return list.value
        case .tuple:
            let bounds = try SliceBounds(low, high, step, length: length)
            if bounds.count == length, bounds.step == 1 { return x }
            let tuple = try arena.makeTuple(count: bounds.count)
            copy(TupleObject(x).items, to: tuple.items, bounds)
            return tuple.value
        case .string, .bytes:
            let bounds = try SliceBounds(low, high, step, length: length)
            return try slice(StringObject(x), bounds, arena)
        case .range:
            let range = RangeObject(x)
            let bounds = try SliceBounds(low, high, step, length: length)
            let start = range.element(bounds.start)
            // With two elements or more every product is within the range; else nobody sees it.
            let step = range.step &* bounds.step
            return arena.makeRange(
                start: start, stop: start &+ step &* bounds.count,
                step: step == 0 ? 1 : step, count: bounds.count)
        default: throw notSliceable(x)
        }
    }

    private static func slice(
        _ string: StringObject, _ bounds: SliceBounds, _ arena: Arena
    ) throws(Failure) -> Value {
        if bounds.count == string.count, bounds.step == 1 { return string.value }
        let type = string.pointer.pointee.header.type
        if bounds.count <= 1, type == .string {
            return bounds.count == 0
                ? SharedStrings.empty : SharedStrings.byte(string.start[bounds.start])
        }
        let result = try arena.makeString(count: bounds.count, type: type)
        copy(string.start, to: result.start, bounds)
        return result.value
    }

    @inline(__always)
    private static func copy<Element: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<Element>, to target: UnsafeMutablePointer<Element>,
        _ bounds: SliceBounds
    ) {
        guard bounds.count > 0 else { return }
        if bounds.step == 1 {
            target.update(from: source + bounds.start, count: bounds.count)
            return
        }
        for index in 0..<bounds.count {
            target[index] = source[bounds.start &+ index &* bounds.step]
        }
    }

    /// `len(x)`.
    static func length(_ x: Value) throws(Failure) -> Value {
        guard let length = x.length else {
            throw Failure("len: value of type \(x.typeName) has no len")
        }
        // No object is so large that its length would not fit.
        return Value(smallInt: length)
    }

    /// `element in x`.
    static func contains(
        _ x: Value, _ element: Value, _ arena: Arena
    ) throws(Failure) -> Bool {
        guard x.isObject else { throw unknown(.in, element, x) }
        switch x.header.pointee.type {
        case .string:
            guard element.isString else {
                throw Failure(
                    "'in <string>' requires string as left operand, not \(element.typeName)")
            }
            return ByteSearch.first(StringObject(element).bytes, in: StringObject(x).bytes) >= 0
        case .bytes: return try contains(StringObject(x).bytes, element, arena)
        case .list, .tuple:
            guard let items = x.items else { return false }
            for index in 0..<items.count where try items[index].equals(element) { return true }
            return false
        case .dict:
            // What is not hashable is no key.
            return element.isString || element.isHashable
                ? try TableObject(x).contains(element) : false
        case .set: return try TableObject(x).contains(element)
        case .range: return try contains(RangeObject(x), element)
        case .host:
            let found = try HostReference(x.object).contains(element, in: arena)
            guard let found else { throw unknown(.in, element, x) }
            return found
        default: throw unknown(.in, element, x)
        }
    }

    private static func contains(
        _ bytes: UnsafeBufferPointer<UInt8>, _ element: Value, _ arena: Arena
    ) throws(Failure) -> Bool {
        if element.isObject(.bytes) {
            return ByteSearch.first(StringObject(element).bytes, in: bytes) >= 0
        }
        guard element.isInt else {
            throw Failure(
                "'in <bytes>' requires bytes or int as left operand, not \(element.typeName)")
        }
        guard let byte = element.asInt.flatMap(UInt8.init(exactly:)) else {
            throw Failure("int in bytes: \(element.excerpt(in: arena)) out of range")
        }
        return bytes.contains(byte)
    }

    private static func contains(
        _ range: RangeObject, _ element: Value
    ) throws(Failure) -> Bool {
        let int: Int
        if let exact = element.asInt {
            int = exact
        } else if element.isFloat {
            guard let exact = Int(exactly: FloatObject(element).number) else { return false }
            int = exact
        } else if element.isInt {
            return false
        } else {
            throw Failure(
                "'in <range>' requires integer as left operand, not \(element.typeName)")
        }
        guard range.count > 0 else { return false }
        let last = range.element(range.count - 1)
        guard min(range.start, last)...max(range.start, last) ~= int else { return false }
        // Both differences are within the range's width, which fits an unsigned word.
        let distance = UInt(bitPattern: range.step > 0 ? int &- range.start : range.start &- int)
        return distance % range.step.magnitude == 0
    }

    /// The offset that an index means, within `0..<count`.
    @inline(__always)
    private static func position(
        _ index: Value, in x: Value, count: Int, _ arena: Arena
    ) throws(Failure) -> Int {
        if index.isSmallInt {
            let offset = index.smallInt < 0 ? index.smallInt &+ count : index.smallInt
            if offset >= 0, offset < count { return offset }
        }
        throw badIndex(index, x, count: count, arena)
    }

    @inline(never)
    private static func badIndex(
        _ index: Value, _ x: Value, count: Int, _ arena: Arena
    ) -> Failure {
        guard index.isInt else {
            return Failure("\(x.typeName) index: got \(index.typeName), want int")
        }
        return outOfRange(index.excerpt(in: arena), x, count: count)
    }

    @inline(never)
    static func outOfRange(_ index: String, _ x: Value, count: Int) -> Failure {
        count == 0
            ? Failure("index \(index) out of range: empty \(x.typeName)")
            : Failure("\(x.typeName) index \(index) out of range [\(-count):\(count - 1)]")
    }

    private static func notIndexable(_ x: Value, _ index: Value) -> Failure {
        Failure("unhandled index operation \(x.typeName)[\(index.typeName)]")
    }

    private static func notSliceable(_ x: Value) -> Failure {
        Failure("invalid slice operand \(x.typeName)")
    }
}

extension Value {
    var isHashable: Bool {
        do throws(Failure) {
            _ = try hash()
            return true
        } catch {
            return false
        }
    }
}
