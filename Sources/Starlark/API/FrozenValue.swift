/// An immutable value that any thread may use.
public struct FrozenValue: @unchecked Sendable {
    // Sendable: the word is no pointer, or points into a permanent heap, to which nothing is
    // written.

    /// The value itself.
    public let value: StarlarkValue

    /// The word is permanent, or no pointer.
    init(_ word: Value, in heap: Heap) { value = StarlarkValue(word, .heap(heap)) }

    fileprivate init(permanent value: StarlarkValue) { self.value = value }
}

extension StarlarkValue {
    /// An immutable copy of the value and all it reaches, or the value itself if it is immutable.
    ///
    /// The original stays as it is. A function is copied with the globals of its module. Host
    /// objects are asked for what stands for them (`HostObject.frozen`).
    ///
    /// - Throws: if a host object cannot be frozen.
    public func frozen() throws(EvaluationError) -> FrozenValue {
        guard case .live(let live) = owner else { return FrozenValue(permanent: self) }
        return try EvaluationError.catching { () throws(Failure) in try live.freeze(word) }
    }
}

extension LiveHeap {
    /// An immutable copy of a value of this heap.
    func freeze(_ word: Value) throws(Failure) -> FrozenValue {
        let target = Heap()
        return try withExtendedLifetime((self, target)) { () throws(Failure) in
            let arena = target.arena.state
            arena.pointee.retained = heap.arena.state.pointee.retained
            var collector = Collector(.freezeCopy, from: heap.arena, to: target.arena)
            let copy = collector.copy(word)
            collector.finish()
            arena.pointee.hostObjects = collector.hostObjects
            if let failure = collector.failure { throw failure }
            return FrozenValue(copy, in: target)
        }
    }

    /// The word of a value, fit to be used by the values of this heap.
    ///
    /// What belongs to another evaluation may change or move under it, so that is copied.
    func adopt(_ value: StarlarkValue) throws(Failure) -> Value {
        switch value.owner {
        case .none: return value.word
        case .heap(let owner):
            heap.retain(owner)
            return value.word
        case .live(let other) where other === self: return value.word
        case .live(let other): return try adopt(try other.freeze(value.word).value)
        }
    }

    /// The word of what a Swift value converts to.
    func word(of value: some StarlarkConvertible) throws -> Value {
        try adopt(value.starlarkValue(in: ValueFactory(self)))
    }
}

extension FrozenValue: StarlarkConvertible {
    public static var starlarkTypeName: String { StarlarkValue.starlarkTypeName }

    public static func fromStarlark(_ value: StarlarkValue) throws -> FrozenValue {
        try value.frozen()
    }

    public func starlarkValue(in factory: ValueFactory) -> StarlarkValue { value }
}
