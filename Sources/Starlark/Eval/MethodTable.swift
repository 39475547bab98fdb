/// Which builtin method a type has for a name, found by two numbers.
///
/// The names of all builtin methods are numbered once; the compiler looks a name up, and the machine then
/// reads `methods[type * count + number]`.
final class MethodTable: Sendable {
    static let shared = MethodTable()

    private let numbers: [String: Int]
    /// One more than there are names: number 0 is no method.
    let count: Int
    /// By type and number. The builtins live as long as their static tables.
    private let builtins: [Builtin?]
    nonisolated(unsafe) let entries: UnsafePointer<Unmanaged<Builtin>?>
    /// The number of `list.append`, which has a path of its own.
    let append: Int

    private static let types: [ObjectType] = [
        .string, .bytes, .list, .dict, .set,
    ]
    private static let typeCount = Int(ObjectType.shape.rawValue) + 1

    private init() {
        var numbers: [String: Int] = [:]
        for type in MethodTable.types {
            for builtin in Methods.all(for: type) where numbers[builtin.name] == nil {
                numbers[builtin.name] = numbers.count + 1
            }
        }
        let count = numbers.count + 1
        var builtins: [Builtin?] = Array(repeating: nil, count: count * MethodTable.typeCount)
        for type in MethodTable.types {
            for builtin in Methods.all(for: type) {
                builtins[Int(type.rawValue) * count + numbers[builtin.name, default: 0]] = builtin
            }
        }
        let entries = builtins.map { $0.map { Unmanaged.passUnretained($0) } }
        self.entries = UnsafePointer(
            UnsafeMutablePointer<Unmanaged<Builtin>?>.allocate(copying: entries))
        append = numbers["append", default: 0]
        self.numbers = numbers
        self.count = count
        self.builtins = builtins
    }

    /// The number of a name; 0 if no builtin method has it.
    func number(of name: StringObject) -> Int { numbers[name.text] ?? 0 }
}
