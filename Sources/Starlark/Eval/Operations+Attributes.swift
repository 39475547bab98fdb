import SourceDiagnostics

extension Operations {
    /// `x.name`: a field, or a method bound to `x`.
    static func attribute(
        of x: Value, _ name: StringObject, _ machine: Machine
    ) throws(Failure) -> Value {
        if let found = try attributeIfPresent(of: x, name, machine) { return found }
        throw noAttribute(x, name, machine)
    }

    static func attributeIfPresent(
        of x: Value, _ name: StringObject, _ machine: Machine
    ) throws(Failure) -> Value? {
        try attribute(of: x, name, in: machine.arena)
    }

    /// `x.name`, or nil if there is no such attribute. What has to be made is made in `arena`.
    static func attribute(
        of x: Value, _ name: StringObject, in arena: Arena
    ) throws(Failure) -> Value? {
        guard x.isObject else { return nil }
        let type = x.header.pointee.type
        switch type {
        case .structure, .module: return StructureObject(x).field(name)
        case .host: return try HostReference(x.object).attribute(name, in: arena)
        default:
            guard let method = Methods.find(type, name) else { return nil }
            return arena.makeBuiltin(method, receiver: x)
        }
    }

    /// `x.name = value`. Only host objects may allow it.
    static func setAttribute(
        of x: Value, _ name: StringObject, _ value: Value, _ machine: Machine
    ) throws(Failure) {
        guard x.isObject(.host) else {
            throw Failure("can't assign to .\(name.text) field of \(x.typeName)")
        }
        try HostReference(x.object).setAttribute(name, to: value, in: machine.arena)
    }

    /// The names of the fields or methods of `x`, sorted.
    static func attributeNames(of x: Value) -> [String] {
        guard x.isObject else { return [] }
        let type = x.header.pointee.type
        if type == .host { return HostReference(x.object).attributeNames }
        guard type == .structure || type == .module else {
            return Methods.all(for: type).map(\.name).sorted()
        }
        let shape = StructureObject(x).shape
        return (0..<shape.count).map { StringObject(shape.names[$0]).text }
    }

    @inline(never)
    private static func noAttribute(
        _ x: Value, _ name: StringObject, _ machine: Machine
    ) -> Failure {
        let name = name.text
        if x.isObject(.host), let error = HostReference(x.object).object.missingAttribute(name) {
            return Failure(error)
        }
        let owner = x.isObject(.structure) ? constructorPrefix(x, machine.arena) : ""
        let kind = x.isObject(.structure) ? "attribute" : "field or method"
        let nearest = closestMatch(to: name, among: attributeNames(of: x))
        return Failure(
            "\(owner)\(x.typeName) has no .\(name) \(kind)", didYouMean: nearest.map { ".\($0)" })
    }

    /// What stands before "struct" for a structure that was made by a named constructor.
    private static func constructorPrefix(_ x: Value, _ arena: Arena) -> String {
        let constructor = StructureObject(x).constructor
        if constructor.isNone { return "" }
        if constructor.isString { return "\(StringObject(constructor).text) " }
        return "\(constructor.excerpt(in: arena)) "
    }
}

/// The methods of the built-in types.
enum Methods {
    static func all(for type: ObjectType) -> [Builtin] {
        switch type {
        case .string: StringMethods.all
        case .bytes: BytesMethods.all
        case .list: ListMethods.all
        case .dict: DictMethods.all
        case .set: SetMethods.all
        default: []
        }
    }

    static func find(_ type: ObjectType, _ name: StringObject) -> Builtin? {
        let table = MethodTable.shared
        let index = Int(type.rawValue) * table.count + table.number(of: name)
        return table.entries[index]?.takeUnretainedValue()
    }
}
