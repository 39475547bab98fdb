/// An integer of any size, as sign and magnitude, for hosts that have a type for such numbers.
public struct StarlarkInteger: Sendable, Hashable {
    /// Whether the integer is less than 0.
    public let isNegative: Bool
    /// The absolute value in words of 64 bits, least significant first, the last not 0; empty for
    /// 0.
    public let magnitude: [UInt64]

    /// - Parameter magnitude: words, least significant first. Zeros at the end are dropped.
    public init(isNegative: Bool = false, magnitude: [UInt64]) {
        let count = (magnitude.lastIndex { $0 != 0 } ?? -1) + 1
        self.magnitude = Array(magnitude.prefix(count))
        self.isNegative = isNegative && count > 0
    }

    /// The integer of the same value.
    public init(_ integer: some FixedWidthInteger) {
        var words: [UInt64] = []
        for word in integer.magnitude.words { words.append(UInt64(word)) }
        self.init(isNegative: integer < 0, magnitude: words)
    }

    /// The integer that decimal digits, after a sign or none, denote; nil for any other text.
    public init?(_ decimal: String) {
        let heap = Heap()
        var decimal = decimal
        let parsed = withExtendedLifetime(heap) {
            decimal.withUTF8 { bytes in
                do throws(Failure) {
                    return try NumberText.parseInt(bytes, in: heap.arena).map {
                        StarlarkInteger(word: $0)
                    }
                } catch {
                    return nil
                }
            }
        }
        guard let parsed else { return nil }
        self = parsed
    }

    fileprivate init(word: Value) {
        self = word.withIntegerView { view in
            StarlarkInteger(
                isNegative: view.isNegative,
                magnitude: (0..<view.count).map { UInt64(view.limbs[$0]) })
        }
    }
}

extension StarlarkInteger: CustomStringConvertible {
    /// The decimal digits, after `-` if the integer is negative.
    public var description: String {
        let factory = ValueFactory()
        do throws(EvaluationError) {
            return try factory.integer(self).description
        } catch {
            return "<integer of \(magnitude.count) words>"
        }
    }
}

extension StarlarkInteger: StarlarkConvertible {
    public static var starlarkTypeName: String { "int" }

    public static func fromStarlark(_ value: StarlarkValue) throws -> StarlarkInteger {
        guard value.kind == .int else {
            throw ConversionError(expected: starlarkTypeName, found: value)
        }
        return value.withWord { StarlarkInteger(word: $0) }
    }

    public func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        try factory.integer(self)
    }
}
