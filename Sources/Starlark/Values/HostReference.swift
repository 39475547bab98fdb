/// A Swift object of the host as a value. Layout: header, a reference that is retained.
///
/// The arena lists these objects (`ArenaState.hostObjects`), so that the reference is released when
/// the object is found dead or the heap goes. A collection moves the words as they are.
struct HostReference {
    struct Layout {
        var header: ObjectHeader
        var object: any HostObject
    }

    let pointer: UnsafeMutablePointer<Layout>
    static let size = MemoryLayout<Layout>.size

    init(_ object: UnsafeMutableRawPointer) {
        pointer = object.assumingMemoryBound(to: Layout.self)
    }

    var object: any HostObject { pointer.pointee.object }
    var isFrozen: Bool { pointer.pointee.header.flags.contains(.frozen) }

    func release() { pointer.deinitialize(count: 1) }

    /// Makes up for a copy of the words.
    func retain() { _ = Unmanaged<AnyObject>.passRetained(object) }

    /// How many host objects may be frozen because one holds the next, which holds the next, and so
    /// on.
    private static let maximumFreezingDepth = 50

    /// Replaces the object by what stands for it in a frozen heap.
    func freeze(in source: Arena) throws(Failure) {
        let original = object
        let identifier = ObjectIdentifier(original)
        guard !source.state.pointee.freezing.contains(identifier) else {
            throw Failure("cannot freeze \(typeName): it holds itself")
        }
        guard source.state.pointee.freezing.count < HostReference.maximumFreezingDepth else {
            throw Failure("cannot freeze \(typeName): host objects nested too deeply")
        }
        source.state.pointee.freezing.append(identifier)
        defer { source.state.pointee.freezing.removeLast() }
        do {
            pointer.pointee.object = try original.frozen()
        } catch {
            throw Failure(error, in: "cannot freeze \(typeName)")
        }
    }

    // MARK: What the language asks of values

    var typeName: String { object.typeName }
    var isTruthy: Bool { object.isTruthy }
    var isCallable: Bool { object is any HostCallable }
    var isIterable: Bool { object is any HostSequence }
    var length: Int? { (object as? any HostSequence)?.count }

    func equals(_ other: HostReference) throws(Failure) -> Bool {
        let (one, two) = (object, other.object)
        return one === two || one.isEqual(to: two)
    }

    func hash() throws(Failure) -> UInt32 {
        var hasher = Hasher()
        do {
            try object.hash(into: &hasher)
        } catch {
            throw Failure(error, in: "unhashable type: \(typeName)")
        }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// What iteration goes over, as a list made in `arena`.
    func elements(in arena: Arena) throws(Failure) -> Value {
        guard let sequence = object as? any HostSequence else {
            throw Failure("\(typeName) value is not iterable")
        }
        return try arena.convert(for: typeName) { (factory) throws in
            try factory.list(try sequence.elements())
        }
    }

    func element(for key: Value, in arena: Arena) throws(Failure) -> Value {
        guard let indexable = object as? any HostIndexable else {
            throw Failure("unhandled index operation \(typeName)[\(key.typeName)]")
        }
        let element = try arena.convert(for: typeName) { factory throws in
            try indexable.element(for: factory.value(key))
        }
        if element.isUnbound { throw Failure("key \(key.excerpt(in: arena)) not in \(typeName)") }
        return element
    }

    func setElement(for key: Value, to value: Value, in arena: Arena) throws(Failure) {
        guard let indexable = object as? any HostMutableIndexable else {
            throw Failure("\(typeName) value does not support item assignment")
        }
        if isFrozen { throw Failure("cannot assign to element of frozen \(typeName)") }
        _ = try arena.convert(for: typeName) { factory throws in
            try indexable.setElement(for: factory.value(key), to: factory.value(value))
            return StarlarkValue.none
        }
    }

    /// Nil if the object knows no `in`.
    func contains(_ value: Value, in arena: Arena) throws(Failure) -> Bool? {
        let object = self.object
        if let indexable = object as? any HostIndexable {
            return try !arena.convert(for: typeName) { factory throws in
                try indexable.element(for: factory.value(value))
            }.isUnbound
        }
        guard object is any HostSequence else { return nil }
        guard let items = try elements(in: arena).items else { return false }
        for item in items where try item.equals(value) { return true }
        return false
    }

    /// The result of `self op other`, or of `other op self`; nil if there is none.
    func binary(
        _ op: Operator, _ other: Value, _ side: OperandSide, in arena: Arena
    ) throws(Failure) -> Value? {
        guard let op = BinaryOperator(op), let operand = object as? any HostOperand else {
            return nil
        }
        let result = try arena.convert(for: typeName) { factory throws in
            try operand.applying(op, with: factory.value(other), as: side)
        }
        return result.isUnbound ? nil : result
    }

    /// Less than 0, 0 or more than 0; nil if the objects have no order.
    func compare(_ other: HostReference) throws(Failure) -> Int? {
        guard let comparable = object as? any HostComparable else { return nil }
        do {
            return try comparable.compare(to: other.object)
        } catch {
            throw Failure(error, in: typeName)
        }
    }

    func call(_ arguments: Interpreter.Arguments, _ machine: Machine) throws(Failure) -> Value {
        guard let callable = object as? any HostCallable else {
            throw Failure("invalid call of non-function (\(typeName))")
        }
        return try callable.call(arguments, machine)
    }

    // MARK: Attributes

    func attribute(_ name: StringObject, in arena: Arena) throws(Failure) -> Value? {
        try object.findAttribute(name.text, of: self, in: arena)
    }

    func setAttribute(_ name: StringObject, to value: Value, in arena: Arena) throws(Failure) {
        try object.assignAttribute(name.text, to: value, of: self, in: arena)
    }

    var attributeNames: [String] { object.allAttributeNames }
}

extension Arena {
    /// A new reference to a Swift object.
    func makeHostReference(_ object: some HostObject) -> Value {
        let memory = allocateSmall(HostReference.size)
        memory.assumingMemoryBound(to: HostReference.Layout.self).initialize(
            to: .init(header: ObjectHeader(type: .host, flags: []), object: object))
        state.pointee.hostObjects.append(memory)
        return Value(object: memory)
    }

    /// The word of what host code makes with the factory of this arena, or unbound for nil.
    /// `name` stands before the message of an error.
    func convert(
        for name: @autoclosure () -> String,
        _ body: (ValueFactory) throws -> (any StarlarkConvertible)?
    ) throws(Failure) -> Value {
        guard let live = state.pointee.live?.takeUnretainedValue() else {
            preconditionFailure("host objects make values in heaps that are not frozen")
        }
        do {
            guard let result = try body(ValueFactory(live)) else { return .unbound }
            return try live.word(of: result)
        } catch {
            throw Failure(error, in: name())
        }
    }
}
