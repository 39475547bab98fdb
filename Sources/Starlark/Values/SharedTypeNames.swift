/// The names of the types, as strings made once for the process: programs ask for them often, to compare.
enum SharedTypeNames {
    private static let heap = Heap()

    /// By type; unbound where the name depends on more than the type. The names are permanent objects.
    private static let names: [Value] = (0...ObjectType.shape.rawValue).map { number in
        switch ObjectType(rawValue: number) {
        case .string: name("string")
        case .bytes: name("bytes")
        case .bigInt: name("int")
        case .float: name("float")
        case .list: name("list")
        case .tuple: name("tuple")
        case .dict: name("dict")
        case .set: name("set")
        case .range: name("range")
        case .function: name("function")
        case .builtin: name("builtin_function_or_method")
        case .structure: name("struct")
        case .module: name("module")
        default: .unbound
        }
    }
    private static let int = name("int")
    private static let bool = name("bool")
    private static let none = name("NoneType")

    private static func name(_ text: String) -> Value {
        do throws(Failure) {
            return try heap.arena.makeString(text).value.madePermanent()
        } catch {
            preconditionFailure("a short string is within all limits")
        }
    }

    /// `type(value)`.
    static func name(of value: Value, in arena: Arena) throws(Failure) -> Value {
        guard value.isObject else { return value.isSmallInt ? int : value.isBool ? bool : none }
        let shared = names[Int(value.header.pointee.type.rawValue)]
        return shared.isUnbound ? try arena.makeString(value.typeName).value : shared
    }
}
