/// A span of time, as the module `time` has it: a number of nanoseconds of 64 bits.
final class DurationValue: HostObject, Hashable, Comparable {
    static let starlarkTypeName = "time.duration"
    static let members: HostMembers<DurationValue> = [
        .property("hours") { Double($0.nanoseconds) / 3.6e12 },
        .property("minutes") { Double($0.nanoseconds) / 6e10 },
        .property("seconds") { Double($0.nanoseconds) / 1e9 },
        .property("milliseconds") { $0.nanoseconds / 1_000_000 },
        .property("microseconds") { $0.nanoseconds / 1000 },
        .property("nanoseconds") { $0.nanoseconds },
    ]

    let nanoseconds: Int64

    init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// - Throws: an error if the duration is too long for 64 bits, about 292 years.
    convenience init(checking nanoseconds: (partialValue: Int64, overflow: Bool)) throws {
        if nanoseconds.overflow { throw EvaluationError("duration out of range") }
        self.init(nanoseconds: nanoseconds.partialValue)
    }

    convenience init(rounding nanoseconds: Double) throws {
        guard let exact = Int64(exactly: nanoseconds.rounded(.towardZero)) else {
            throw EvaluationError("duration out of range")
        }
        self.init(nanoseconds: exact)
    }

    var isTruthy: Bool { nanoseconds != 0 }
    var starlarkDescription: String { DurationText.text(of: nanoseconds) }

    static func == (one: DurationValue, other: DurationValue) -> Bool {
        one.nanoseconds == other.nanoseconds
    }

    static func < (one: DurationValue, other: DurationValue) -> Bool {
        one.nanoseconds < other.nanoseconds
    }

    func hash(into hasher: inout Hasher) { hasher.combine(nanoseconds) }
}

extension DurationValue: HostComparable {}

extension DurationValue: HostOperand {
    func applying(
        _ op: BinaryOperator, with other: StarlarkValue, as side: OperandSide
    ) throws -> (any StarlarkConvertible)? {
        switch other.kind {
        case .int: return try applying(op, with: other.as(Int64.self), side)
        case .float where op == .divide && side == .left:
            let divisor = try other.as(Double.self)
            if divisor == 0 { throw DurationValue.divisionByZero }
            return try DurationValue(rounding: Double(nanoseconds) / divisor)
        case .host:
            // A time as the other operand does this itself.
            guard side == .left, let other = try? other.as(DurationValue.self) else { return nil }
            return try applying(op, to: other)
        default: return nil
        }
    }

    private static var divisionByZero: EvaluationError { EvaluationError("division by zero") }

    private func applying(
        _ op: BinaryOperator, with other: Int64, _ side: OperandSide
    ) throws -> DurationValue? {
        switch (op, side) {
        case (.multiply, _):
            return try DurationValue(checking: nanoseconds.multipliedReportingOverflow(by: other))
        case (.divide, .left):
            if other == 0 { throw DurationValue.divisionByZero }
            return try DurationValue(checking: nanoseconds.dividedReportingOverflow(by: other))
        case (.divide, .right):
            throw EvaluationError("unsupported operation: int / time.duration")
        default: return nil
        }
    }

    private func applying(
        _ op: BinaryOperator, to other: DurationValue
    ) throws -> (any StarlarkConvertible)? {
        let (x, y) = (nanoseconds, other.nanoseconds)
        switch op {
        case .add: return try DurationValue(checking: x.addingReportingOverflow(y))
        case .subtract: return try DurationValue(checking: x.subtractingReportingOverflow(y))
        case .divide:
            if y == 0 { throw DurationValue.divisionByZero }
            return Double(x) / Double(y)
        case .floorDivide:
            if y == 0 { throw DurationValue.divisionByZero }
            // Rounded towards zero, as starlark-go does. -2^63 / -1 is the one that overflows.
            let quotient = x.dividedReportingOverflow(by: y)
            if quotient.overflow { throw EvaluationError("quotient out of range") }
            return quotient.partialValue
        default: return nil
        }
    }
}
