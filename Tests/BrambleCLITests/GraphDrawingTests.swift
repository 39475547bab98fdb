import BrambleModel
import Testing

@testable import BrambleCLI

/// Graphs as text for people and for Graphviz.
@Suite struct GraphDrawingTests {
    /// A program of two libraries that share a compiler, whose second output one of them needs.
    private func diamond() throws -> DerivationGraph {
        let compiler = try derivation("compiler", needs: [], outputs: ["out", "dev"])
        let first = try derivation("first", needs: [text(compiler), text(compiler, "dev")])
        let second = try derivation("second", needs: [text(compiler)])
        let program = try derivation("program", needs: [text(second), text(first)])
        return try DerivationGraph(
            [compiler, first, second, program], roots: [program.hash, second.hash])
    }

    @Test func treesShowWhatIsSharedOnce() throws {
        #expect(
            tree(try diamond(), depth: 9) == """
                program
                ├── first
                │   └── compiler (dev, out)
                └── second
                    └── compiler
                second (*)

                """)
    }

    @Test(arguments: [(0, "program …\nsecond …\n"), (1, nil)])
    func treesAreCut(_ depth: Int, _ expected: String?) throws {
        let text = tree(try diamond(), depth: depth)
        #expect(text == expected ?? "program\n├── first …\n└── second …\nsecond\n└── compiler\n")
    }

    @Test func deepTreesNeedNoDeepStack() throws {
        var last = try derivation("d0", needs: [])
        var all = [last]
        for number in 1..<5_000 {
            last = try derivation("d\(number)", needs: [text(last)])
            all.append(last)
        }
        let graph = try DerivationGraph(all, roots: [last.hash])
        var lines = 0
        GraphTree(graph: graph, maximumDepth: 2_000).draw { _ in lines += 1 }
        #expect(lines == 2_001)
    }

    @Test func dotNamesOutputsThatAreNotTheFirst() throws {
        var text = ""
        let graph = try diamond()
        GraphDot(graph: graph).draw { text += $0 }
        #expect(
            names(text, graph).split(separator: "\n").sorted()
                == """
                digraph bramble {
                  rankdir=LR;
                  node [shape=box, fontname="monospace"];
                  "compiler" [label="compiler"];
                  "first" [label="first"];
                  "program" [label="program", style=bold];
                  "second" [label="second", style=bold];
                  "first" -> "compiler";
                  "first" -> "compiler" [label="dev"];
                  "program" -> "first";
                  "program" -> "second";
                  "second" -> "compiler";
                }
                """.split(separator: "\n").sorted())
    }

    // MARK: Making and reading

    private func derivation(
        _ name: String, needs: [String], outputs: [String] = ["out"]
    ) throws -> Derivation {
        var fields = Derivation.Fields(name: try DerivationName(name), builder: "/bin/sh")
        fields.args = needs
        fields.outputs = try outputs.map { try OutputName($0) }
        fields.platform = try Platform("linux-x86_64")
        return try Derivation(fields)
    }

    private func text(_ derivation: Derivation, _ output: String? = nil) throws -> String {
        try #require(derivation.reference(to: try output.map { try OutputName($0) })).description
    }

    private func tree(_ graph: DerivationGraph, depth: Int) -> String {
        var text = ""
        GraphTree(graph: graph, maximumDepth: depth).draw { text += $0 }
        for derivation in graph.derivations {
            text = text.replacing(" \(derivation.hash)", with: "")
        }
        return text
    }

    /// The text with names in place of hashes.
    private func names(_ text: String, _ graph: DerivationGraph) -> String {
        graph.derivations.reduce(text) { text, derivation in
            text.replacing("\(derivation.hash)", with: "\(derivation.name)")
        }
    }
}
