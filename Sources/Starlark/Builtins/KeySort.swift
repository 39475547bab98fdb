/// A merge sort by keys: stable, and at most n log n comparisons, whatever they say.
///
/// To look at a key is to follow a pointer to memory that is seldom in the cache. So what is moved about are
/// small items, each with a number that decides most comparisons (`SortPrefix`) and the place of its key.
/// Runs that are in order already are not touched: sorted input takes n comparisons.
struct KeySort: ~Copyable {
    private struct Item: BitwiseCopyable {
        var prefix: UInt64
        /// The index of the key before sorting.
        var position: Int
    }

    private let keys: UnsafeMutableBufferPointer<Value>
    private let isDecidedByPrefix: Bool
    private let isReversed: Bool
    private let items: UnsafeMutablePointer<Item>
    /// Room for the shorter of two halves; also for all elements.
    private let scratch: UnsafeMutablePointer<Item>
    /// So many items are sorted by insertion: more than one only if prefixes save most looks at keys, as insertion
    /// takes more comparisons.
    private let insertionCount: Int

    private init(
        _ keys: UnsafeMutableBufferPointer<Value>, isReversed: Bool, in arena: Arena
    ) throws(Failure) {
        let count = keys.count
        try arena.checkSize(count * 2 * MemoryLayout<Item>.size)
        self.keys = keys
        self.isReversed = isReversed
        let prefix = SortPrefix(for: keys)
        isDecidedByPrefix = prefix.isComplete
        insertionCount = prefix.isNone ? 1 : 8
        items = .allocate(capacity: count)
        scratch = .allocate(capacity: count / 2 + 1)
        for position in 0..<count {
            let number = prefix.number(of: keys[position])
            items[position] = Item(
                prefix: isReversed ? ~number : number, position: position)
        }
    }

    deinit {
        items.deallocate()
        scratch.deallocate()
    }

    /// Sorts `elements` by the keys at the same places. Fails where two keys have no order; the elements are then
    /// as they were.
    static func sort(
        _ elements: UnsafeMutableBufferPointer<Value>,
        by keys: UnsafeMutableBufferPointer<Value>, isReversed: Bool, in arena: Arena
    ) throws(Failure) {
        guard elements.count > 1 else { return }
        let sort = try KeySort(keys, isReversed: isReversed, in: arena)
        try sort.sort(0, elements.count)
        sort.arrange(elements)
    }

    /// Brings elements into the order of the items.
    private func arrange(_ elements: UnsafeMutableBufferPointer<Value>) {
        // An item is twice as large as a value.
        let sorted = UnsafeMutableRawPointer(scratch)
            .bindMemory(to: Value.self, capacity: elements.count)
        for index in 0..<elements.count { sorted[index] = elements[items[index].position] }
        elements.baseAddress?.update(from: sorted, count: elements.count)
    }

    // MARK: Order

    /// Whether an item must come before one that stood in front of it.
    @inline(__always)
    private func isLess(_ later: Item, _ earlier: Item) throws(Failure) -> Bool {
        if later.prefix != earlier.prefix { return later.prefix < earlier.prefix }
        return isDecidedByPrefix ? false : try isKeyLess(later, earlier)
    }

    @inline(never)
    private func isKeyLess(_ later: Item, _ earlier: Item) throws(Failure) -> Bool {
        isReversed
            ? try Operations.less(keys[earlier.position], keys[later.position])
            : try Operations.less(keys[later.position], keys[earlier.position])
    }

    // MARK: Sorting

    /// Sorts the items from `start` up to `end`. The depth of the recursion is the logarithm of their number.
    private func sort(_ start: Int, _ end: Int) throws(Failure) {
        guard end - start > insertionCount else { return try insert(start, end) }
        let middle = start + (end - start) / 2
        try sort(start, middle)
        try sort(middle, end)
        try merge(start, middle, end)
    }

    private func insert(_ start: Int, _ end: Int) throws(Failure) {
        for index in start + 1..<end {
            let item = items[index]
            var place = index
            while place > start, try isLess(item, items[place &- 1]) {
                items[place] = items[place &- 1]
                place &-= 1
            }
            items[place] = item
        }
    }

    /// Merges two sorted halves, of which the first is not the longer one.
    private func merge(_ start: Int, _ middle: Int, _ end: Int) throws(Failure) {
        guard try isLess(items[middle], items[middle &- 1]) else { return }
        let leftCount = middle &- start
        scratch.update(from: items + start, count: leftCount)
        var (left, right, target) = (0, middle, start)
        while left < leftCount, right < end {
            if try isLess(items[right], scratch[left]) {
                items[target] = items[right]
                right &+= 1
            } else {
                items[target] = scratch[left]
                left &+= 1
            }
            target &+= 1
        }
        (items + target).update(from: scratch + left, count: leftCount &- left)
    }
}
