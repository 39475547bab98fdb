/// What a file evaluated to: its global values, frozen. Safe to use from any thread.
public final class Module: Sendable {
    /// What the file was called.
    public let name: String
    let heap: Heap
    private let globals: GlobalsOwner
    private let indices: [String: Int]

    init(name: String, heap: Heap, globals: GlobalsOwner) {
        self.name = name
        self.heap = heap
        self.globals = globals
        var indices: [String: Int] = [:]
        for (index, global) in globals.program.globalNames.enumerated() where global.isExported {
            if !globals.record.pointee.values[index].isUnbound { indices[global.name] = index }
        }
        self.indices = indices
    }

    /// The names of the exported globals, sorted. Those that begin with `_` are private: they are
    /// listed for the host, but no file can load them.
    public var names: [String] { indices.keys.sorted() }

    /// The value of a global, or nil if there is none of that name.
    public subscript(name: String) -> StarlarkValue? {
        word(name).map { StarlarkValue($0, .heap(heap)) }
    }

    /// The value of a global as a Swift value.
    ///
    /// - Throws: `ConversionError` if the value is of another type, and an error if there is none
    ///   of that name.
    public func get<Target: StarlarkConvertible>(
        _ name: String, as type: Target.Type = Target.self
    ) throws -> Target {
        guard let value = self[name] else {
            throw EvaluationError(
                "module \(self.name) defines no `\(name)`",
                hint: suggestion(for: name, among: names))
        }
        return try value.as(type)
    }

    func word(_ name: String) -> Value? {
        indices[name].map { globals.record.pointee.values[$0] }
    }

    /// The value that stands for the module in programs that load it: its members are the globals
    /// whose names do not begin with `_`.
    ///
    /// - Parameter title: what the value is printed as.
    func makeValue(_ title: String, in arena: Arena) throws(Failure) -> Value {
        var fields: [(name: Value, value: Value)] = []
        for (name, index) in indices where !name.hasPrefix("_") {
            fields.append(
                (try arena.makeString(name).value, globals.record.pointee.values[index]))
        }
        let title = try arena.makeString(title).value
        return try arena.makeStructure(.module, constructor: title, fields: fields)
    }
}
