import BrambleLang
import SourceDiagnostics

/// What a module offers, for people and for tools.
public struct ModuleSummary: Codable, Hashable, Sendable {
    public struct Function: Codable, Hashable, Sendable {
        public let name: String
        /// The parameters, as in the file, in parentheses: `(name, deps = [])`.
        public let signature: String
        /// The text that the body begins with.
        public let documentation: String?
        /// Whether it can be built: it needs no arguments.
        public let isTarget: Bool
        /// Where it is defined, from 1.
        public let line: Int

        enum CodingKeys: String, CodingKey {
            case name, signature, documentation, line
            case isTarget = "is_target"
        }
    }

    /// As in targets: `./lib`.
    public let name: String
    /// The file, as messages call it.
    public let file: String
    /// The text that the file begins with.
    public let documentation: String?
    /// The public functions, in the order of the file.
    public let functions: [Function]
}

extension ModuleSummary {
    init(_ listing: ModuleListing) {
        name = listing.module.description
        file = listing.file.name
        documentation = listing.documentation
        functions = listing.functions.map { function in
            Function(
                name: function.name,
                signature: String(function.signature.dropFirst(function.name.count)),
                documentation: function.documentation, isTarget: function.isTarget,
                line: listing.file.location(of: function.span.start).line)
        }
    }
}
