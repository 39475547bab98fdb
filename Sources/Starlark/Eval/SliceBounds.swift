/// Which elements `x[low:high:step]` takes: `count` of them from `start`, each `step` after the
/// last.
struct SliceBounds {
    let start: Int
    let step: Int
    let count: Int

    /// Bounds that are absent are None or unbound. `length` is that of the sliced value.
    init(_ low: Value, _ high: Value, _ step: Value, length: Int) throws(Failure) {
        let step = try SliceBounds.step(step)
        self.step = step
        if step > 0 {
            let range = try SliceBounds.range(low, high, count: length)
            start = range.lowerBound
            // The distance is at least 0 and `step` at least 1: nothing here can overflow.
            count = range.isEmpty ? 0 : (range.count - 1) / step + 1
        } else {
            let first = try SliceBounds.index(low, length, "start", ifAbsent: length - 1)
            let last = try SliceBounds.index(high, length, "end", ifAbsent: -1)
            start = min(first, length - 1)
            let distance = start - max(last, -1)
            // -step may not exist, so the division is by the negative step.
            count = distance <= 0 ? 0 : 1 - (distance - 1) / step
        }
    }

    /// The range of `[low:high]`, clamped to `0..<count`.
    static func range(_ low: Value, _ high: Value, count: Int) throws(Failure) -> Range<Int> {
        let start = min(max(try index(low, count, "start", ifAbsent: 0), 0), count)
        let end = min(max(try index(high, count, "end", ifAbsent: count), 0), count)
        return start..<max(start, end)
    }

    private static func step(_ value: Value) throws(Failure) -> Int {
        if value.isUnbound || value.isNone { return 1 }
        guard value.isInt else {
            throw Failure("invalid slice step: got \(value.typeName), want int")
        }
        let step = value.asInt ?? (BigIntObject(value).isNegative ? Int.min : Int.max)
        if step == 0 { throw Failure("zero is not a valid slice step") }
        return step
    }

    /// An index; a negative one counts from the end. May be out of range still.
    private static func index(
        _ value: Value, _ length: Int, _ name: StaticString, ifAbsent: Int
    ) throws(Failure) -> Int {
        if value.isUnbound || value.isNone { return ifAbsent }
        if value.isSmallInt {
            let index = value.smallInt
            return index < 0 ? index &+ length : index
        }
        guard value.isInt else {
            throw Failure("invalid \(name) index: got \(value.typeName), want int")
        }
        return BigIntObject(value).isNegative ? Int.min >> 1 : Int.max >> 1
    }
}
