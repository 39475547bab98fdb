/// The same JSON as the one that is hashed, so that a record of a build can hold what was built.
extension ResolvedDerivation: Codable {
    enum CodingKeys: String, CodingKey {
        case name, builder, args, env, outputs, platform, target, base, sources, links, inputs
    }

    /// - Throws: What is no resolved derivation. That its texts fit together is not checked: what is
    ///   read was written by us.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func map(_ key: CodingKeys) throws -> TextMap {
            let texts = try container.decodeIfPresent([String: String].self, forKey: key) ?? [:]
            return TextMap(texts.map { TextMap.Entry(name: $0.key, value: $0.value) })
        }
        self.init(
            name: try container.decode(DerivationName.self, forKey: .name),
            builder: try container.decode(String.self, forKey: .builder),
            args: try container.decodeIfPresent([String].self, forKey: .args) ?? [],
            env: try map(.env),
            outputs: try container.decodeIfPresent([OutputName].self, forKey: .outputs)
                ?? [.standard],
            platform: try container.decodeIfPresent(Platform.self, forKey: .platform),
            target: try container.decodeIfPresent(Platform.self, forKey: .target),
            base: try container.decodeIfPresent(RelativePath.self, forKey: .base),
            sources: try container.decodeIfPresent(Digest.self, forKey: .sources),
            links: try map(.links),
            inputs: try container.decodeIfPresent([StoreName].self, forKey: .inputs) ?? [])
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(builder, forKey: .builder)
        if !args.isEmpty { try container.encode(args, forKey: .args) }
        if !env.isEmpty { try container.encode(texts(env), forKey: .env) }
        if outputs != [.standard] { try container.encode(outputs, forKey: .outputs) }
        try container.encodeIfPresent(platform, forKey: .platform)
        try container.encodeIfPresent(target, forKey: .target)
        try container.encodeIfPresent(base, forKey: .base)
        try container.encodeIfPresent(sources, forKey: .sources)
        if !links.isEmpty { try container.encode(texts(links), forKey: .links) }
        if !inputs.isEmpty { try container.encode(inputs, forKey: .inputs) }
    }

    private func texts(_ map: TextMap) -> [String: String] {
        Dictionary(map.entries.map { ($0.name, $0.value) }) { _, last in last }
    }
}
