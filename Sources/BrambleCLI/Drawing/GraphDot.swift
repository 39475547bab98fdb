import BrambleModel

/// A graph in the language of Graphviz (graphviz.org, "DOT Language"). An arrow leads from a
/// derivation to what it refers to.
struct GraphDot {
    let graph: DerivationGraph

    /// Draws line by line; a line ends with a line feed.
    func draw(_ write: (String) -> Void) {
        // Names and hashes are letters, digits and `+-._`: nothing that a quoted text would escape.
        write("digraph bramble {\n")
        write("  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n")
        let roots = Set(graph.roots)
        for derivation in graph.derivations {
            let style = roots.contains(derivation.hash) ? ", style=bold" : ""
            write("  \"\(derivation.hash)\" [label=\"\(derivation.name)\"\(style)];\n")
        }
        for derivation in graph.derivations {
            for reference in derivation.references {
                let isFirst =
                    graph[reference.derivation].map { $0.outputs[0] == reference.output } ?? true
                let label = isFirst ? "" : " [label=\"\(reference.output)\"]"
                write("  \"\(derivation.hash)\" -> \"\(reference.derivation)\"\(label);\n")
            }
        }
        write("}\n")
    }
}
