/// What a derivation is known by: a hash of its recipe, and through the references in it of the
/// recipes of its whole closure (a Merkle tree). See `Derivation.hash`.
public struct DerivationHash: TextRepresentable, Hashable {
    let hash: ShortHash

    init(hash: ShortHash) {
        self.hash = hash
    }

    public init(_ text: String) throws(Fault) {
        guard let hash = ShortHash(text.utf8) else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a derivation's hash",
                hint: "write 32 characters from `a` to `z` and `2` to `7`")
        }
        self.hash = hash
    }

    /// 32 characters from `a` to `z` and `2` to `7`.
    public var description: String { hash.description }
}

extension DerivationHash: Comparable {
    /// The order of the texts.
    public static func < (left: DerivationHash, right: DerivationHash) -> Bool {
        left.hash < right.hash
    }
}
