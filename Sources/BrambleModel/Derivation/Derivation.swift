/// A pure recipe: run this, with these arguments, this environment and these sources, and keep
/// these outputs (DESIGN, "Derivations"). Evaluation yields it; building it is another's work.
///
/// That a derivation exists proves that it is well-formed as far as it can be told without the
/// derivations it refers to; those are `DerivationGraph`'s concern. It never changes. Two are equal
/// if their hashes are.
public struct Derivation: Sendable {
    /// What a derivation says, before it was checked.
    public struct Fields: Sendable {
        public var name: DerivationName
        /// A path of a program, or the name of a builder that is built in: see `Kind`.
        public var builder: String
        public var args: [String] = []
        public var env: TextMap = [:]
        /// The first one is what the derivation stands for where no output is named.
        public var outputs = Derivation.standardOutputs
        /// Where it is built; nil for fetches, which any machine can do.
        public var platform: Platform?
        /// What it is built for, if that is another platform.
        public var target: Platform?
        public var sources: SourceSet?
        /// Symlinks to make in the sandbox, by their paths, such as `/bin/sh`. Each value is a
        /// reference, and perhaps a path inside of it.
        public var links: TextMap = [:]

        public init(name: DerivationName, builder: String) {
            self.name = name
            self.builder = builder
        }
    }

    /// What there is if none is listed.
    public static let standardOutputs: [OutputName] = [.standard]

    /// More than any package has; it keeps what is done for each pair of outputs small.
    public static let maximumOutputs = 256

    /// What does not change is shared: a graph holds, sorts and hands out many derivations.
    private final class Contents: Sendable {
        let fields: Fields
        let kind: Kind
        let references: [Reference]
        let textBytes: Int
        /// The text, if it is kept.
        let canonicalJSON: [UInt8]?

        init(
            fields: Fields, kind: Kind, references: [Reference], _ writer: borrowing JSONWriter,
            keepsText: Bool
        ) {
            self.fields = fields
            self.kind = kind
            self.references = references
            textBytes = writer.count
            canonicalJSON = keepsText ? writer.bytes : nil
        }
    }

    /// The name of the recipe: a hash of its canonical JSON.
    public let hash: DerivationHash
    private let contents: Contents

    /// Checks what a derivation says, and hashes it. It keeps the text that was hashed, as what makes
    /// derivations goes on to write them.
    ///
    /// - Throws: All that is wrong with it.
    public init(_ fields: Fields) throws(ValidationError) {
        var faults = FaultList()
        guard let derivation = Derivation(fields, at: JSONPath(), &faults, keepsText: true) else {
            try faults.check()
            preconditionFailure("a derivation was refused without a fault")
        }
        self = derivation
    }

    /// - Parameters:
    ///   - path: What the faults' paths begin with.
    ///   - faults: Gets all that is wrong.
    ///   - keepsText: Whether to keep the text that is hashed.
    /// - Returns: nil if anything is wrong.
    init?(
        _ fields: Fields, at path: JSONPath, _ faults: inout FaultList, keepsText: Bool = false
    ) {
        var fields = fields
        if fields.target == fields.platform { fields.target = nil }
        if fields.sources?.paths.isEmpty ?? false { fields.sources = nil }
        var check = DerivationCheck(fields)
        var writer = JSONWriter(capacity: 1024)
        fields.beginWriting(to: &writer)
        guard let kind = writer.withBytes({ check.run(texts: $0) }) else {
            for fault in check.faults { faults.add(fault, at: path) }
            return nil
        }
        fields.finishWriting(to: &writer)
        hash = DerivationHash(hash: writer.withBytes { ShortHash(.derivation, $0) })
        contents = Contents(
            fields: fields, kind: kind, references: check.sortedReferences, writer,
            keepsText: keepsText)
    }

    /// As they were given, without what says the same as nothing: a target that is the platform,
    /// an empty set of sources.
    public var fields: Fields { contents.fields }
    /// What is to be done.
    public var kind: Kind { contents.kind }
    /// The outputs of other derivations that it needs: sorted, each once.
    public var references: [Reference] { contents.references }

    public var name: DerivationName { contents.fields.name }
    public var builder: String { contents.fields.builder }
    public var args: [String] { contents.fields.args }
    public var env: TextMap { contents.fields.env }
    public var outputs: [OutputName] { contents.fields.outputs }
    public var platform: Platform? { contents.fields.platform }
    public var sources: SourceSet? { contents.fields.sources }
    public var links: TextMap { contents.fields.links }
    /// What it is built for: a platform of its own if it has one, else where it is built.
    public var target: Platform? { contents.fields.target ?? contents.fields.platform }

    /// Writes the text that is hashed: see `docs/derivation-format.md`.
    func write(to writer: inout JSONWriter) {
        if let text = contents.canonicalJSON {
            writer.verbatim(text)
        } else {
            fields.write(to: &writer)
        }
    }

    /// How many bytes `canonicalJSON` has.
    package var textBytes: Int { contents.textBytes }

    /// Whether there is an output of that name.
    package func hasOutput(_ output: OutputName) -> Bool {
        contents.fields.outputs.contains(output)
    }

    /// A reference to an output, the first one unless it is named.
    ///
    /// - Returns: nil if the derivation has no such output.
    public func reference(to output: OutputName? = nil) -> Reference? {
        guard let output else { return Reference(hash, outputs[0]) }
        return hasOutput(output) ? Reference(hash, output) : nil
    }
}

extension Derivation: Hashable {
    public static func == (left: Derivation, right: Derivation) -> Bool {
        left.hash == right.hash
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }
}
