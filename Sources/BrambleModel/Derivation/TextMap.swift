/// Texts by name, in the order of the names' bytes: the environment of a build, its links.
///
/// A sorted list: such maps are small, are read far more often than written, and what is hashed or
/// shown must have an order anyway. A look-up costs a binary search; taking in an entry may move
/// the others, so large maps are made at once.
public struct TextMap: Sendable {
    public struct Entry: Sendable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// In the order of the names' bytes, each name once.
    public private(set) var entries: [Entry]

    public init() {
        entries = []
    }

    /// - Parameter entries: In any order; of equal names the last one counts.
    public init(_ entries: [Entry]) {
        self.entries = entries
        let isAscending = entries.indices.dropFirst().allSatisfy {
            entries[$0 - 1].name.precedesByBytes(entries[$0].name)
        }
        if isAscending { return }
        // `sort` is stable, so equal names stay in the order in which they were given.
        self.entries.sort { $0.name.precedesByBytes($1.name) }
        removeDuplicates()
    }

    /// Keeps the last of equal names, which was given last.
    private mutating func removeDuplicates() {
        var count = 0
        for index in entries.indices {
            if count > 0, entries[count - 1].name.hasSameBytes(as: entries[index].name) {
                count -= 1
            }
            if count != index { entries[count] = entries[index] }
            count += 1
        }
        entries.removeLast(entries.count - count)
    }

    public var isEmpty: Bool { entries.isEmpty }
    public var count: Int { entries.count }

    /// The text of a name; nil if there is none, and setting nil removes it.
    public subscript(name: String) -> String? {
        get {
            let position = position(of: name)
            guard position < entries.count, entries[position].name.hasSameBytes(as: name) else {
                return nil
            }
            return entries[position].value
        }
        set {
            let position = position(of: name)
            if position < entries.count, entries[position].name.hasSameBytes(as: name) {
                entries.remove(at: position)
            }
            if let newValue {
                entries.insert(Entry(name: name, value: newValue), at: position)
            }
        }
    }

    /// The map with every value replaced.
    public func mapValues<E: Error>(
        _ transform: (String) throws(E) -> String
    ) throws(E) -> TextMap {
        var result = self
        for index in entries.indices {
            let entry = entries[index]
            result.entries[index] = Entry(name: entry.name, value: try transform(entry.value))
        }
        return result
    }

    /// Where the first entry is whose name does not precede a name.
    private func position(of name: String) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].name.precedesByBytes(name) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

extension TextMap: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Entry(name: $0.0, value: $0.1) })
    }
}

extension TextMap: Equatable {
    /// Equal by bytes.
    public static func == (left: TextMap, right: TextMap) -> Bool {
        left.count == right.count
            && zip(left.entries, right.entries).allSatisfy {
                $0.name.hasSameBytes(as: $1.name) && $0.value.hasSameBytes(as: $1.value)
            }
    }
}
