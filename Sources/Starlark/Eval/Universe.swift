/// The names that every file sees: None, False, True and the builtin functions.
final class Universe: Sendable {
    static let shared = Universe()

    private let heap = Heap()
    private let values: [String: Value]
    let names: [String]

    private init() {
        var values: [String: Value] = ["None": .none, "False": .false, "True": .true]
        for builtin in UniverseFunctions.all {
            values[builtin.name] = heap.arena.makeBuiltin(builtin).madePermanent()
        }
        self.values = values
        names = values.keys.sorted()
    }

    func value(named name: String) -> Value? { values[name] }
}
