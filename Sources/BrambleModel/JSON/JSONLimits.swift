/// How large a JSON text may be.
public struct JSONLimits: Sendable {
    /// The length of the text. Offsets are kept in 32 bits, so at most 2 GiB.
    public var bytes: Int
    /// How deep arrays and objects may stand in each other.
    public var depth: Int

    public init(bytes: Int, depth: Int) {
        self.bytes = bytes
        self.depth = depth
    }

    /// 256 MiB and 64 levels: more than twice the largest graph and ten times the depth that the
    /// formats of this module need.
    public static let `default` = JSONLimits(bytes: 256 << 20, depth: 64)
}
