/// Merge sort: stable, and at most n log n comparisons, whatever the comparison says.
enum StableSort {
    /// Sorts with `scratch`, which has room for as many elements. `isLess` is always asked about
    /// a later element and an earlier one.
    @inline(__always)
    static func sort<Element: BitwiseCopyable>(
        _ elements: UnsafeMutableBufferPointer<Element>,
        scratch: UnsafeMutableBufferPointer<Element>,
        isLess: (Element, Element) throws(Failure) -> Bool
    ) throws(Failure) {
        guard var source = elements.baseAddress, var target = scratch.baseAddress else { return }
        let count = elements.count
        var width = 1
        while width < count {
            var start = 0
            while start < count {
                let middle = min(start + width, count)
                let end = min(middle + width, count)
                try merge(source, target, start, middle, end, isLess)
                start = end
            }
            swap(&source, &target)
            width *= 2
        }
        if let base = elements.baseAddress, source != base {
            base.update(from: source, count: count)
        }
    }

    /// Merges the sorted runs `start..<middle` and `middle..<end`.
    @inline(__always)
    private static func merge<Element: BitwiseCopyable>(
        _ source: UnsafeMutablePointer<Element>, _ target: UnsafeMutablePointer<Element>,
        _ start: Int, _ middle: Int, _ end: Int,
        _ isLess: (Element, Element) throws(Failure) -> Bool
    ) throws(Failure) {
        // Runs that are in order already, as they are in sorted input, are moved as they are.
        if middle == end {
            (target + start).update(from: source + start, count: end &- start)
            return
        }
        if try !isLess(source[middle], source[middle &- 1]) {
            (target + start).update(from: source + start, count: end &- start)
            return
        }
        var (left, right, position) = (start, middle, start)
        while left < middle, right < end {
            if try isLess(source[right], source[left]) {
                target[position] = source[right]
                right &+= 1
            } else {
                target[position] = source[left]
                left &+= 1
            }
            position &+= 1
        }
        (target + position).update(from: source + left, count: middle &- left)
        (target + position + (middle &- left)).update(from: source + right, count: end &- right)
    }
}
