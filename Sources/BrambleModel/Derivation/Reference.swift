/// An output of a derivation, as another derivation names it: `{{ HASH:OUTPUT }}`.
///
/// Inside of a builder, an argument, or a value of the environment or of a link, it stands for the
/// path in the store that the output turns out to have.
public struct Reference: TextRepresentable, Hashable {
    public let derivation: DerivationHash
    public let output: OutputName

    public init(_ derivation: DerivationHash, _ output: OutputName) {
        self.derivation = derivation
        self.output = output
    }

    public init(_ text: String) throws(Fault) {
        let found = try Reference.scan(text)
        guard found.count == 1, found[0].range == 0..<text.utf8.count else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a reference", hint: Reference.grammarHint)
        }
        self = found[0].reference
    }

    /// `{{ HASH:OUTPUT }}`.
    public var description: String { "{{ \(derivation):\(output) }}" }

    static let grammarHint =
        "write `{{ HASH:OUTPUT }}`, one space after and before the braces, no others"
}

extension Reference: Comparable {
    /// By derivation, then by output.
    public static func < (left: Reference, right: Reference) -> Bool {
        left.derivation == right.derivation
            ? left.output < right.output : left.derivation < right.derivation
    }
}
