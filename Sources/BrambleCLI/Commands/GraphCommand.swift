import ArgumentParser
import Bramble
import BrambleModel

/// `bramble graph TARGET…`, `bramble graph --graph FILE`
struct GraphCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Show what derivations need each other.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions

    @Argument(help: .init("What to evaluate; by default `./...`.", valueName: "target"))
    var targets: [String] = []

    @Option(
        name: .customLong("graph"),
        help: .init(
            "Take a graph that another front end has written; `-` is standard input.",
            valueName: "file"))
    var graphFile: String?

    @Option(
        help: .init(
            "How: \(GraphFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "format"))
    var format = GraphFormat.tree

    @Option(help: .init("Leave out what is deeper in a tree than that.", valueName: "count"))
    var depth = 64

    func validate() throws {
        if depth < 0 { throw ValidationError("The value of '--depth' must be at least 0.") }
        if graphFile != nil && !targets.isEmpty {
            throw ValidationError("'--graph' takes no targets.")
        }
    }

    func run(_ console: Console) throws -> ExitStatus {
        let graph = try readGraph(console)
        switch format {
        case .tree: GraphTree(graph: graph, maximumDepth: depth).draw(console.write)
        case .dot: GraphDot(graph: graph).draw(console.write)
        case .json:
            console.write(graph.canonicalJSON)
            console.write("\n")
        }
        return .success
    }

    private func readGraph(_ console: Console) throws -> DerivationGraph {
        if let graphFile {
            let file = try InputFile.read(graphFile)
            return try GraphFile(name: file.name, bytes: file.bytes).graph()
        }
        let workspace = try Workspace(global, evaluation)
        return try workspace.evaluate(targets.isEmpty ? ["./..."] : targets, console).graph()
    }
}
