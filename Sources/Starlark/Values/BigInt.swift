extension BigIntObject {
    var hash: UInt32 { 0 }
    static func hash(integral number: Double) -> UInt32 { 0 }
    var asInt: Int? { nil }
}
extension Value {
    /// Less than 0, 0, more than 0 by the mathematical values of two numbers (int or float); NaN: see spec.
    func compareNumbers(_ other: Value) -> Int { 0 }
}
