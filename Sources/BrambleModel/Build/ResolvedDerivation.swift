/// What is built: a derivation in which each reference is the path of what it turned out to be, and
/// the sources are what is in them.
///
/// Recipes that differ but lead to the same inputs resolve to equal derivations: that is how builds
/// are cut off early (DESIGN, "Derivations").
public struct ResolvedDerivation: Sendable {
    /// What an object needs to be resolved.
    public struct Inputs: Sendable {
        /// What the derivation's references turned out to be.
        public var outputs: [Reference: StoreName]
        /// The tree of the sources; nil if there are none.
        public var sources: Digest?
        /// Objects that it names by their paths, and may use: only derivations that a
        /// `derivation_output` wrote have such.
        public var objects: [StoreName]

        public init(
            outputs: [Reference: StoreName] = [:], sources: Digest? = nil,
            objects: [StoreName] = []
        ) {
            self.outputs = outputs
            self.sources = sources
            self.objects = objects
        }
    }

    public let name: DerivationName
    public let builder: String
    public let args: [String]
    public let env: TextMap
    public let outputs: [OutputName]
    public let platform: Platform?
    public let target: Platform?
    /// The directory in which the builder starts.
    public let base: RelativePath?
    public let sources: Digest?
    public let links: TextMap
    /// The objects that the derivation refers to: sorted, each once. The closure is made from them,
    /// not from what looks like a store path in the texts.
    public let inputs: [StoreName]

    /// - Throws: References that `inputs` lacks; sources without a digest, or the reverse.
    public init(_ derivation: Derivation, _ inputs: Inputs) throws(ValidationError) {
        func path(_ reference: Reference) throws(Fault) -> String {
            guard let name = inputs.outputs[reference] else {
                throw Fault(
                    .missingOutput, "the output `\(reference)` was not built",
                    hint: "build what a derivation refers to before it")
            }
            return StorePath(name).description
        }
        func resolve(_ text: String) throws(Fault) -> String {
            try Reference.replace(in: text, path)
        }
        do throws(Fault) {
            name = derivation.name
            builder = try resolve(derivation.builder)
            var args: [String] = []
            for argument in derivation.args { args.append(try resolve(argument)) }
            self.args = args
            env = try derivation.env.mapValues(resolve)
            links = try derivation.links.mapValues(resolve)
            guard (derivation.sources == nil) == (inputs.sources == nil) else {
                throw Fault(
                    .missingField, "sources and their digest must be there both, or not at all")
            }
        } catch {
            throw ValidationError(error)
        }
        outputs = derivation.outputs
        platform = derivation.platform
        target = derivation.fields.target
        base = derivation.sources?.base
        sources = inputs.sources
        self.inputs = Set(
            derivation.references.compactMap { inputs.outputs[$0] } + inputs.objects
        ).sorted()
    }

    /// What was resolved before, and kept.
    init(
        name: DerivationName, builder: String, args: [String], env: TextMap,
        outputs: [OutputName], platform: Platform?, target: Platform?, base: RelativePath?,
        sources: Digest?, links: TextMap, inputs: [StoreName]
    ) {
        self.name = name
        self.builder = builder
        self.args = args
        self.env = env
        self.outputs = outputs
        self.platform = platform
        self.target = target
        self.base = base
        self.sources = sources
        self.links = links
        self.inputs = inputs
    }

    /// The hash of the canonical JSON: equal keys, equal outputs. It is computed at each call.
    public var key: BuildKey {
        BuildKey(hash: ShortHash(.resolvedDerivation, canonicalJSON))
    }

    /// The bytes that are hashed, after a line that names the format.
    public var canonicalJSON: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("args", args)
        if let base { writer.field("base", base) }
        writer.key("builder")
        writer.string(builder)
        writer.field("env", env)
        writer.field("inputs", inputs.map(\.description))
        writer.field("links", links)
        writer.field("name", name)
        if outputs != [.standard] { writer.field("outputs", outputs.map(\.description)) }
        if let platform { writer.field("platform", platform) }
        if let sources { writer.field("sources", sources) }
        if let target { writer.field("target", target) }
        writer.endObject()
        return writer.bytes
    }
}

extension ResolvedDerivation: Hashable {
    /// Equal if the canonical JSON is.
    public static func == (left: ResolvedDerivation, right: ResolvedDerivation) -> Bool {
        left.canonicalJSON == right.canonicalJSON
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(canonicalJSON)
    }
}

extension JSONWriter {
    mutating func field(_ name: String, _ value: some TextRepresentable) {
        key(name)
        string(value.description)
    }
}
