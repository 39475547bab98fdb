import BrambleModel

/// A hash of a derivation, of what its sources contain, of what it must fetch, and of the recipe keys
/// of all that it refers to.
///
/// Unlike a build key it is known before anything is built: it says what to look for, from the top.
/// Unlike a derivation's hash it covers contents. Equal recipe keys have equal build keys; the
/// reverse does not hold, and that is what early cutoff lives on.
struct RecipeKey: Hashable, Sendable {
    private let hash: ContentHash

    /// - Parameters:
    ///   - sources: The tree of the sources.
    ///   - fact: What is known of what it will fetch.
    ///   - objects: What it names by paths in the store, and may use.
    ///   - dependencies: Of all that it refers to, in the order of their hashes.
    init(
        _ derivation: DerivationHash, sources: Digest?, fact: String?, objects: [StoreName] = [],
        dependencies: [RecipeKey]
    ) {
        // Lines, none of which can hold a line feed; so the text is unambiguous.
        var text = "bramble/recipe/1\n\(derivation)\n"
        if let sources { text += "sources \(sources)\n" }
        if let fact { text += "fact \(fact)\n" }
        for object in objects { text += "object \(object)\n" }
        for key in dependencies { text += "\(key.hash.hex)\n" }
        hash = ContentHash(of: Array(text.utf8))
    }

    /// What its results are cached under.
    var text: String { hash.hex }

    /// As a key under which other machines find the result, by what it is made of rather than by what
    /// goes into it.
    var buildKey: BuildKey { BuildKey(recipe: hash) }
}
