package import BrambleModel

/// The outputs of one build, as it has left them.
package struct OutputsToRegister: Sendable {
    package let derivation: DerivationName
    /// For each output its directory, absolute.
    package let directories: [OutputName: String]
    /// Objects that the outputs may refer to: the closure of the build's inputs.
    package let candidates: [StoreName]
    /// Whether the store may move the directories, and what is in them, instead of copying: if nobody needs them
    /// afterwards, whatever comes of it. Files that somebody can still write to are copied all the same.
    package let mayBeTaken: Bool

    package init(
        derivation: DerivationName, directories: [OutputName: String], candidates: [StoreName],
        mayBeTaken: Bool = false
    ) {
        self.derivation = derivation
        self.directories = directories
        self.candidates = candidates
        self.mayBeTaken = mayBeTaken
    }
}
