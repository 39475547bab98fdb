/// What an output is called while it is being built, before its content and so its name are known.
///
/// It depends on the derivation's name, the output's name, *and nothing else*. Linkers order
/// strings by hash: with a placeholder that changed with the inputs, the bytes of the output would
/// change too, and no build could be cut off early (DESIGN, "Store").
public struct Placeholder: Hashable, Sendable {
    public let derivation: DerivationName
    public let output: OutputName

    public init(derivation: DerivationName, output: OutputName) {
        self.derivation = derivation
        self.output = output
    }

    /// The name in the store that stands for the output: a hash of both names, each on a line.
    public var storeName: StoreName {
        // Neither name can hold a line feed, so the text is unambiguous.
        let text = "\(derivation)\n\(output)\n"
        return StoreName(hash: ShortHash(.placeholder, Array(text.utf8)))
    }
}
