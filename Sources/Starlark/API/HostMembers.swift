import SourceDiagnostics

/// The attributes and methods of a class of host objects: an array literal of `HostMember`.
public struct HostMembers<Object: HostObject>: Sendable, ExpressibleByArrayLiteral {
    let table: [String: HostMember<Object>]
    /// Whether there are none, as for many classes: to look into a table of a class's own type takes finding that type first.
    let isEmpty: Bool

    /// Members with distinct names.
    public init(_ members: [HostMember<Object>]) {
        table = Dictionary(members.map { ($0.name, $0) }) { first, _ in
            preconditionFailure("two members are named `\(first.name)`")
        }
        isEmpty = members.isEmpty
    }

    public init(arrayLiteral members: HostMember<Object>...) { self.init(members) }
}

/// An attribute or a method of a class of host objects.
public struct HostMember<Object: HostObject>: Sendable {
    let name: String
    let access: Access

    enum Access: Sendable {
        case property(get: Getter, set: Setter?)
        case method(Builtin)
    }

    typealias Getter = @Sendable (Object) throws -> any StarlarkConvertible
    typealias Setter = @Sendable (Object, StarlarkValue) throws -> Void

    /// An attribute that can be read.
    public static func property<Property: StarlarkConvertible>(
        _ name: String, get: @escaping @Sendable (Object) throws -> Property
    ) -> HostMember {
        HostMember(name: name, access: .property(get: { try get($0) }, set: nil))
    }

    /// An attribute that can be read, and set until the object is frozen.
    public static func property<Property: StarlarkConvertible>(
        _ name: String, get: @escaping @Sendable (Object) throws -> Property,
        set: @escaping @Sendable (Object, Property) throws -> Void
    ) -> HostMember {
        HostMember(
            name: name,
            access: .property(
                get: { try get($0) }, set: { try set($0, try Property.fromStarlark($1)) }))
    }

    /// A method. `body` is given the object, the call, and an argument for each parameter.
    public static func method<each Argument, Result: StarlarkConvertible>(
        _ name: String, _ parameters: repeat Parameter<each Argument>,
        body:
            @escaping @Sendable (
                Object, borrowing CallContext, repeat each Argument
            ) throws -> Result
    ) -> HostMember {
        make(name, mutating: false, repeat each parameters, body: body)
    }

    /// A method that returns `None`.
    public static func method<each Argument>(
        _ name: String, _ parameters: repeat Parameter<each Argument>,
        body:
            @escaping @Sendable (
                Object, borrowing CallContext, repeat each Argument
            ) throws -> Void
    ) -> HostMember {
        make(name, mutating: false, repeat each parameters) {
            (object: Object, call: borrowing CallContext, arguments: repeat each Argument) in
            try body(object, call, repeat each arguments)
            return StarlarkValue.none
        }
    }

    /// A method that changes the object, and so fails once it is frozen.
    public static func mutatingMethod<each Argument, Result: StarlarkConvertible>(
        _ name: String, _ parameters: repeat Parameter<each Argument>,
        body:
            @escaping @Sendable (
                Object, borrowing CallContext, repeat each Argument
            ) throws -> Result
    ) -> HostMember {
        make(name, mutating: true, repeat each parameters, body: body)
    }

    /// A method that changes the object, and so fails once it is frozen; it returns `None`.
    public static func mutatingMethod<each Argument>(
        _ name: String, _ parameters: repeat Parameter<each Argument>,
        body:
            @escaping @Sendable (
                Object, borrowing CallContext, repeat each Argument
            ) throws -> Void
    ) -> HostMember {
        make(name, mutating: true, repeat each parameters) {
            (object: Object, call: borrowing CallContext, arguments: repeat each Argument) in
            try body(object, call, repeat each arguments)
            return StarlarkValue.none
        }
    }

    private static func make<each Argument, Result: StarlarkConvertible>(
        _ name: String, mutating: Bool, _ parameters: repeat Parameter<each Argument>,
        body:
            @escaping @Sendable (
                Object, borrowing CallContext, repeat each Argument
            ) throws -> Result
    ) -> HostMember {
        let signature = Signature(name, repeat each parameters)
        let builtin = Builtin(hostFunction: name) { (context: borrowing CallContext) throws in
            let receiver = HostReference(context.receiver.object)
            if mutating, receiver.isFrozen {
                throw EvaluationError("\(name): cannot change frozen \(receiver.typeName)")
            }
            guard let object = receiver.object as? Object else {
                preconditionFailure("a method is bound to an object of its class")
            }
            let arguments = try context.bind(signature)
            var index = -1
            func next<Item>(_ parameter: Parameter<Item>) throws -> Item {
                index += 1
                return try parameter.read(context, arguments, index)
            }
            return try body(object, context, repeat try next(each parameters))
        }
        return HostMember(name: name, access: .method(builtin))
    }
}

// These are called on `any HostObject`, which tells the class.
extension HostObject {
    func findAttribute(
        _ name: String, of reference: HostReference, in arena: Arena
    ) throws(Failure) -> Value? {
        let found: Value
        let members = Self.members
        switch members.isEmpty ? nil : members.table[name]?.access {
        case .method(let builtin):
            if let live = arena.state.pointee.live {
                live._withUnsafeGuaranteedRef { $0.heap.retain(builtin) }
            }
            return arena.makeBuiltin(
                builtin, receiver: Value(object: UnsafeMutableRawPointer(reference.pointer)))
        case .property(let get, _):
            found = try arena.convert(for: "\(typeName).\(name)") { _ in try get(self) }
        case nil:
            found = try arena.convert(for: "\(typeName).\(name)") { _ in try attribute(name) }
        }
        return found.isUnbound ? nil : found
    }

    func assignAttribute(
        _ name: String, to value: Value, of reference: HostReference, in arena: Arena
    ) throws(Failure) {
        guard let member = Self.members.table[name] else {
            if let object = self as? any HostMutableAttributes {
                return try object.assign(name, to: value, of: reference, in: arena)
            }
            let nearest = closestMatch(to: name, among: Self.members.table.keys.sorted())
            throw Failure(
                "can't assign to .\(name) field of \(typeName)",
                didYouMean: nearest.map { ".\($0)" })
        }
        guard case .property(_, let set?) = member.access else {
            throw Failure("can't assign to .\(name) field of \(typeName): it is read-only")
        }
        if reference.isFrozen { throw Failure("cannot set .\(name) of frozen \(typeName)") }
        _ = try arena.convert(for: "\(typeName).\(name)") { factory in
            try set(self, factory.value(value))
            return nil
        }
    }

    var allAttributeNames: [String] {
        (Array(Self.members.table.keys) + attributeNames).sorted()
    }
}
