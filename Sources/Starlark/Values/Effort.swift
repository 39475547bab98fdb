/// What one comparison or hash of nested values may take.
///
/// The depth bounds the native stack: about 200 bytes a level, safe on threads with 512 KiB. The number of
/// containers bounds the time: where values are shared, as in `x = (x, x)` many times over, a walk would
/// take exponential time, and no step limit could end it.
struct Effort {
    private var depth = 0
    private var containers = 0

    /// How deep values may be nested to be compared, hashed or printed.
    static let maximumDepth = 400
    /// More containers than fit into the largest list, nested once.
    private static let maximumContainers = 1 << 26

    /// Begins with a container; call `leave` when done with it.
    mutating func enter() throws(Failure) {
        depth += 1
        containers += 1
        if depth > Effort.maximumDepth {
            throw Failure("comparison exceeded maximum recursion depth")
        }
        if containers > Effort.maximumContainers {
            throw Failure.limit("comparison of too many nested values")
        }
    }

    mutating func leave() { depth -= 1 }
}
