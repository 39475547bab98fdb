extension DerivationGraph {
    /// The name of the format and its version, which stands in every text of a graph.
    public static let schema = "bramble/derivation-graph/1"

    /// Reads a graph: `docs/derivation-format.md`. The text may have white space, and its keys any
    /// order; all else is as the format has it.
    ///
    /// - Throws: All that is wrong, with paths and offsets. Where the text is not JSON nothing
    ///   after that place was looked at.
    public init(
        json: [UInt8], limits: GraphLimits = .default
    ) throws(ValidationError) {
        let result = json.withUnsafeBufferPointer { text in
            Result { () throws(ValidationError) in try GraphReader.read(text, limits) }
        }
        self = try result.get()
    }

    /// The one text of the graph that has no white space and its keys in order.
    public var canonicalJSON: [UInt8] {
        var writer = JSONWriter(capacity: 64 + derivations.count * 256)
        writer.beginObject()
        if !derivations.isEmpty {
            writer.key("derivations")
            writer.beginObject()
            for derivation in derivations {
                writer.key(derivation.hash.hash)
                derivation.write(to: &writer)
            }
            writer.endObject()
        }
        if !roots.isEmpty {
            writer.key("roots")
            writer.beginArray()
            for root in roots { writer.string(root.hash) }
            writer.endArray()
        }
        writer.key("schema")
        writer.string(DerivationGraph.schema)
        writer.endObject()
        return writer.bytes
    }
}
