extension StarlarkValue {
    /// What `len(x)` gives; nil if the value has no length.
    public var count: Int? { withWord { $0.length } }

    /// The element of a list or tuple at a position from 0, or nil if there is none.
    public subscript(position: Int) -> StarlarkValue? {
        withWord { word in
            guard let items = word.items, items.indices.contains(position) else { return nil }
            return part(items[position])
        }
    }

    /// The value of a key of a dict, or nil if there is none, or the value is no dict.
    public subscript(key: some StarlarkConvertible) -> StarlarkValue? {
        get throws {
            guard kind == .dict else { return nil }
            let home = LiveHeap()
            let key = try home.word(of: key)
            return try withExtendedLifetime((self, home)) {
                try EvaluationError.catching { () throws(Failure) in
                    try TableObject(word).get(key).map(part)
                }
            }
        }
    }

    /// The value of `x.name`.
    ///
    /// - Throws: an error if there is no such attribute.
    public func attribute(_ name: String) throws -> StarlarkValue {
        if let value = try attributeIfPresent(name) { return value }
        throw EvaluationError("\(typeName) has no .\(name) attribute")
    }

    /// The value of `x.name`, or nil if there is no such attribute.
    public func attributeIfPresent(_ name: String) throws -> StarlarkValue? {
        let home = self.home
        return try withExtendedLifetime((self, home)) {
            try EvaluationError.catching { () throws(Failure) in
                let name = try home.heap.arena.makeString(name)
                return try Operations.attribute(of: word, name, in: home.heap.arena)
                    .map { StarlarkValue($0, .live(home)) }
            }
        }
    }

    /// What `dir(x)` gives: the names of the attributes, sorted.
    public var attributeNames: [String] { withWord { Operations.attributeNames(of: $0) } }

    /// The elements that iteration goes over: of a dict, the keys.
    ///
    /// - Throws: an error if the value is not iterable.
    public func elements() throws(EvaluationError) -> Elements {
        let home = self.home
        return try withExtendedLifetime(self) { () throws(EvaluationError) in
            try EvaluationError.catching { () throws(Failure) in
                Elements(try word.asIterable(in: home.heap.arena), of: self, home)
            }
        }
    }

    func elementsIfIterable() throws(EvaluationError) -> Elements? {
        withWord { $0.isIterable } ? try elements() : nil
    }

    /// The entries of a dict in order, as they are now; nil if the value is no dict.
    public var entries: [(key: StarlarkValue, value: StarlarkValue)]? {
        withWord { word in
            guard word.isObject(.dict) else { return nil }
            let table = TableObject(word)
            return (0..<table.used).compactMap { number in
                let entry = table.entries[number]
                return entry.key.isUnbound ? nil : (part(entry.key), part(entry.value))
            }
        }
    }

    /// The texts of a list or tuple of strings; nil if the value is neither, or has an element that is
    /// no string, or one with invalid UTF-8. Takes much less time than its elements one by one.
    public var validTexts: [String]? {
        withWord { word in
            guard word.isObject(.list) || word.isObject(.tuple), let items = word.items else {
                return nil
            }
            var texts: [String] = []
            texts.reserveCapacity(items.count)
            for item in items {
                guard let text = item.validText else { return nil }
                texts.append(text)
            }
            return texts
        }
    }

    /// The entries of a dict from strings to strings, in order; nil if the value is no such dict, or has
    /// invalid UTF-8 in it. Takes much less time than `entries`.
    public var validTextEntries: [(key: String, value: String)]? {
        withWord { word in
            guard word.isObject(.dict) else { return nil }
            let table = TableObject(word)
            var texts: [(key: String, value: String)] = []
            texts.reserveCapacity(table.used)
            for number in 0..<table.used {
                let entry = table.entries[number]
                if entry.key.isUnbound { continue }
                guard let key = entry.key.validText, let value = entry.value.validText else {
                    return nil
                }
                texts.append((key, value))
            }
            return texts
        }
    }

    /// The elements of an iterable value, one after the other.
    ///
    /// A change of the value while its elements are gone through is safe, but which elements are
    /// seen is not defined.
    public struct Elements: Sequence, IteratorProtocol {
        private let iterable: Value
        private let owner: Owner
        private let home: LiveHeap
        private var position = 0

        fileprivate init(_ iterable: Value, of value: StarlarkValue, _ home: LiveHeap) {
            self.iterable = iterable
            self.home = home
            // Other iterables make their elements as they go.
            let isPart = iterable.isIdentical(to: value.word) && !value.word.makesElements
            owner = isPart ? value.owner : .live(home)
        }

        public mutating func next() -> StarlarkValue? {
            withExtendedLifetime((owner, home)) {
                do throws(Failure) {
                    let element = try iterable.element(at: &position, in: home.heap.arena)
                    return element.isUnbound ? nil : StarlarkValue(element, owner)
                } catch {
                    preconditionFailure("elements are small, so no limit applies")
                }
            }
        }

        public var underestimatedCount: Int {
            withExtendedLifetime((owner, home)) { position == 0 ? iterable.length ?? 0 : 0 }
        }
    }

    /// A value that this one holds.
    private func part(_ word: Value) -> StarlarkValue { StarlarkValue(word, owner) }

    /// Where values that are made to look into this one live. They may refer to it.
    private var home: LiveHeap {
        if case .live(let live) = owner { return live }
        let home = LiveHeap()
        if case .heap(let heap) = owner { home.heap.retain(heap) }
        return home
    }
}

extension Value {
    fileprivate var makesElements: Bool { isObject(.range) || isObject(.stringElements) }
}
