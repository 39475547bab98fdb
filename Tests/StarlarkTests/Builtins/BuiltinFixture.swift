@testable import Starlark

/// A value of the language, written in Swift.
indirect enum Literal: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
    ExpressibleByNilLiteral, ExpressibleByDictionaryLiteral, CustomStringConvertible, Sendable
{
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string([UInt8])
    case bytes([UInt8])
    case list([Literal])
    case tuple([Literal])
    case set([Literal])
    case dict([(Literal, Literal)])
    case range(Int, Int, Int)
    /// What a method of a value gives.
    case method(Literal, String)

    init(integerLiteral int: Int) { self = .int(int) }
    init(stringLiteral text: String) { self = .string(Array(text.utf8)) }
    init(booleanLiteral bool: Bool) { self = .bool(bool) }
    init(floatLiteral number: Double) { self = .float(number) }
    init(arrayLiteral items: Literal...) { self = .list(items) }
    init(nilLiteral: ()) { self = .none }
    init(dictionaryLiteral entries: (Literal, Literal)...) { self = .dict(entries) }

    /// As a test shows it: what `repr` gives, cut short.
    var description: String {
        let text = BuiltinFixture().outcome { fixture throws(Failure) in try fixture.value(self) }
        return text.count > 60 ? text.prefix(60) + "..." : text
    }
}

/// A heap and a machine to call builtins with, without any program.
final class BuiltinFixture {
    private let evaluator = Evaluator()
    var machine: Machine { evaluator.machine }
    var arena: Arena { machine.arena }

    func value(_ literal: Literal) throws(Failure) -> Value {
        switch literal {
        case .none: return .none
        case .bool(let bool): return Value(bool)
        case .int(let int): return arena.makeInt(int)
        case .float(let number): return arena.makeFloat(number)
        case .string(let bytes): return try string(bytes, .string)
        case .bytes(let bytes): return try string(bytes, .bytes)
        case .list(let items): return try list(items).value
        case .tuple(let items): return try arena.makeTuple(copying: list(items).buffer).value
        case .set(let items): return try arena.makeSet(from: list(items).value).value
        case .dict(let entries):
            let dict = try arena.makeTable(.dict)
            for (key, value) in entries {
                try dict.set(self.value(key), self.value(value), in: arena)
            }
            return dict.value
        case .range(let start, let stop, let step):
            return try call("range", [.int(start), .int(stop), .int(step)])
        case .method(let receiver, let name): return try call(name, on: receiver, [])
        }
    }

    private func list(_ items: [Literal]) throws(Failure) -> ListObject {
        let list = try arena.makeList(capacity: items.count)
        for item in items { try list.append(value(item), in: arena) }
        return list
    }

    private func string(_ bytes: [UInt8], _ type: ObjectType) throws(Failure) -> Value {
        let string = try arena.makeString(count: bytes.count, type: type)
        for (index, byte) in bytes.enumerated() { string.start[index] = byte }
        return string.value
    }

    /// Calls a method, or without a receiver a function of the universe.
    func call(
        _ name: String, on receiver: Literal? = nil, _ arguments: [Literal],
        named: [(String, Literal)] = []
    ) throws(Failure) -> Value {
        let receiverValue: Value
        if let receiver { receiverValue = try value(receiver) } else { receiverValue = .unbound }
        return try call(name, onValue: receiverValue, arguments, named: named)
    }

    func call(
        _ name: String, onValue receiver: Value, _ arguments: [Literal],
        named: [(String, Literal)] = []
    ) throws(Failure) -> Value {
        let builtins =
            receiver.isUnbound
            ? UniverseFunctions.all : Methods.all(for: receiver.header.pointee.type)
        guard let builtin = builtins.first(where: { $0.name == name }) else {
            throw Failure("no builtin \(name)")
        }
        let values = try list(arguments + named.map(\.1))
        let names = try list(named.map { Literal(stringLiteral: $0.0) })
        return try builtin.body(
            Call(
                machine: machine, builtin: .passUnretained(builtin), receiver: receiver,
                arguments: values.items, positionalCount: arguments.count,
                keywordCount: named.count, keywordNames: names.items))
    }

    func repr(_ value: Value) throws(Failure) -> String {
        var text = ByteBuilder(arena)
        try text.append(repr: value)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// What `body` gives as `repr` has it, or the message and hint of its failure.
    func outcome(_ body: (BuiltinFixture) throws(Failure) -> Value) -> String {
        do throws(Failure) {
            return try repr(body(self))
        } catch {
            let hint = error.details.hint.map { " (\($0))" } ?? ""
            return "error: \(error.details.message)\(hint)"
        }
    }
}
