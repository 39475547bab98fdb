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
        JSONWriter.bytes(expected: mostTextBytes) { write(to: &$0) }
    }

    /// The text is no longer.
    private var mostTextBytes: Int {
        // A hash is written with quotes and a comma or colon, and a derivation's text with one.
        let hashBytes = ShortHash.length + 3
        let frameBytes = 128
        return derivations.reduce(frameBytes + roots.count * hashBytes) {
            $0 + hashBytes + 1 + $1.textBytes
        }
    }

    private func write(to writer: inout JSONWriter) {
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
    }
}
