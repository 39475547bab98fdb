/// How large a graph may be that comes from outside.
public struct GraphLimits: Sendable {
    /// The length of the JSON text, and its depth; the format itself needs a depth of 5.
    public var text: JSONLimits
    /// How many derivations there may be.
    public var derivations: Int
    /// How many faults are listed; the others are counted.
    public var faults: Int

    public init(text: JSONLimits, derivations: Int, faults: Int) {
        self.text = text
        self.derivations = derivations
        self.faults = faults
    }

    /// A million derivations of 256 bytes each, which is what such a graph takes, and as many
    /// faults as a person will look at.
    public static let `default` = GraphLimits(
        text: JSONLimits(bytes: 256 << 20, depth: 16), derivations: 1_000_000, faults: 50)
}
