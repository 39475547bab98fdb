// Stands in for what colleagues write; to be deleted when their files land.
import Glibc
enum Arithmetic {
    static func binary(_ op: Operator, _ x: Value, _ y: Value, in arena: Arena) throws(Failure) -> Value? {
        if x.isFloat || y.isFloat {
            guard x.isNumber && y.isNumber else { return nil }
            let a = x.isFloat ? FloatObject(x).number : Double(x.smallInt)
            let b = y.isFloat ? FloatObject(y).number : Double(y.smallInt)
            switch op {
            case .plus: return arena.makeFloat(a + b)
            case .minus: return arena.makeFloat(a - b)
            case .times: return arena.makeFloat(a * b)
            default: return nil
            }
        }
        guard let a = x.asInt, let b = y.asInt else { return nil }
        switch op {
        case .plus: return arena.makeInt(a &+ b)
        case .minus: return arena.makeInt(a &- b)
        case .times: return arena.makeInt(a &* b)
        case .bitOr: return arena.makeInt(a | b)
        default: return nil
        }
    }
    static func unary(_ op: Operator, _ x: Value, in arena: Arena) throws(Failure) -> Value? {
        guard x.isSmallInt else { return nil }
        switch op {
        case .minus: return arena.makeInt(-x.smallInt)
        case .plus: return x
        case .tilde: return arena.makeInt(~x.smallInt)
        default: return nil
        }
    }
}
extension ByteBuilder {
    mutating func append(decimal value: Value) throws(Failure) { try append(String(value.asInt ?? 0)) }
    mutating func append(float: Double) throws(Failure) { try append("\(float)") }
    mutating func append(float: Double, conversion: UInt8) throws(Failure) { try append("\(float)") }
    mutating func append(integer value: Value, radix: Int, uppercase: Bool) throws(Failure) {
        try append(String(value.asInt ?? 0, radix: radix, uppercase: uppercase))
    }
}
enum NumberParser {
    static func int(_ bytes: UnsafeBufferPointer<UInt8>, base: Int, in arena: Arena) throws(Failure) -> Value? {
        Int(String(decoding: bytes, as: UTF8.self), radix: base == 0 ? 10 : base).map(arena.makeInt)
    }
    static func float(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? { Double(String(decoding: bytes, as: UTF8.self)) }
}
extension Value {
    func truncatedToInt(in arena: Arena) throws(Failure) -> Value { isFloat ? arena.makeInt(Int(FloatObject(self).number)) : self }
    func asDouble() throws(Failure) -> Double { isFloat ? FloatObject(self).number : Double(smallInt) }
}
extension FunctionObject { var name: String { "f" } }
extension Machine {
    func printLine(_ bytes: UnsafeBufferPointer<UInt8>) { print(String(decoding: bytes, as: UTF8.self)) }
}
