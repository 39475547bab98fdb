/// A hash of all that a build depends on: see `ResolvedDerivation`. Equal keys, equal outputs.
public struct BuildKey: TextRepresentable, Hashable {
    let hash: ShortHash

    init(hash: ShortHash) {
        self.hash = hash
    }

    /// The key of a whole recipe: of a derivation, its sources and all that it refers to.
    package init(recipe: ContentHash) {
        hash = ShortHash(.recipeKey, Array(recipe.hex.utf8))
    }

    public init(_ text: String) throws(Fault) {
        guard let hash = ShortHash(text.utf8) else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a build key",
                hint: "write 32 characters from `a` to `z` and `2` to `7`")
        }
        self.hash = hash
    }

    /// 32 characters from `a` to `z` and `2` to `7`.
    public var description: String { hash.description }
}

extension BuildKey: Comparable {
    /// The order of the texts.
    public static func < (left: BuildKey, right: BuildKey) -> Bool {
        left.hash < right.hash
    }
}
