import ArgumentParser
import BrambleModel

/// A form in which a graph is shown.
enum GraphFormat: String, CaseIterable, ExpressibleByArgument {
    /// For people.
    case tree
    /// For Graphviz.
    case dot
    /// The format of `docs/derivation-format.md`.
    case json
}
