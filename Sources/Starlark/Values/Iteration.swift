/// An iteration over a value by a builtin. While it lives, the iterable cannot be changed.
struct Iteration: ~Copyable {
    private let iterable: Value
    private let arena: Arena
    /// The index of the next item, entry or byte.
    private var position = 0

    /// Fails if the value is not iterable.
    init(over value: Value, in arena: Arena) throws(Failure) {
        self.arena = arena
        iterable = try value.asIterable(in: arena)
        iterable.beginIteration()
    }

    deinit { iterable.endIteration() }

    /// The next element, or nil at the end.
    @inline(__always)
    mutating func next() throws(Failure) -> Value? {
        let item = try iterable.element(at: &position, in: arena)
        return item.isUnbound ? nil : item
    }

    /// The number of elements left at the start, where it is cheap to know.
    var lengthHint: Int { iterable.length ?? 0 }
}

extension Value {
    /// The value that iteration goes over: itself, or what a host object gives as a list.
    func asIterable(in arena: Arena) throws(Failure) -> Value {
        guard isObject else { throw notIterable }
        switch header.pointee.type {
        case .list, .tuple, .dict, .set, .range, .stringElements: return self
        case .host: return try HostReference(object).elements(in: arena)
        default: throw notIterable
        }
    }

    private var notIterable: Failure {
        let hint =
            isString ? "use `.elems()` for its bytes or `.codepoints()` for its characters" : nil
        return Failure("\(typeName) value is not iterable", hint: hint)
    }

    /// Marks a mutable container as being iterated over. Frozen ones may be shared and are left alone.
    @inline(__always)
    func beginIteration() {
        if isObject, !header.pointee.flags.contains(.frozen) { header.pointee.iterations &+= 1 }
    }

    @inline(__always)
    func endIteration() {
        // One that was frozen meanwhile (only a host can do that) keeps its count, which nothing reads.
        if isObject, !header.pointee.flags.contains(.frozen) { header.pointee.iterations &-= 1 }
    }

    /// The element at `position` of what `asIterable` returned, or unbound at the end. Moves `position` on.
    @inline(never)
    func element(at position: inout Int, in arena: Arena) throws(Failure) -> Value {
        switch header.pointee.type {
        case .list:
            let list = ListObject(self)
            guard position < list.count else { return .unbound }
            position &+= 1
            return list.items[position &- 1]
        case .tuple:
            let tuple = TupleObject(self)
            guard position < tuple.count else { return .unbound }
            position &+= 1
            return tuple.items[position &- 1]
        case .dict, .set:
            let table = TableObject(self)
            while position < table.used {
                let key = table.entries[position].key
                position &+= 1
                if !key.isUnbound { return key }
            }
            return .unbound
        case .range:
            let range = RangeObject(self)
            guard position < range.count else { return .unbound }
            position &+= 1
            return arena.makeInt(range.element(position &- 1))
        case .stringElements:
            return try StringElementsObject(self).element(at: &position, in: arena)
        default:
            preconditionFailure("only what `asIterable` returned is iterated over")
        }
    }
}
