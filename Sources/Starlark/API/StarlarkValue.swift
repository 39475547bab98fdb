/// A value of the language in the hands of the host. It keeps the memory it lives in.
///
/// A value that comes out of a running evaluation belongs to it and to its thread; `frozen()` gives an
/// immutable copy that may go anywhere. Holding values of a running evaluation keeps its collector
/// from freeing memory.
public struct StarlarkValue {
    let word: Value
    /// The `Heap` or `LiveHeap` the value lives in; nil if it needs none.
    let owner: AnyObject?

    init(_ word: Value, owner: AnyObject?) {
        self.word = word
        self.owner = owner
    }
}
