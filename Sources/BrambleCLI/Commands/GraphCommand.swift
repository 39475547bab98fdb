import ArgumentParser
import Bramble
import BrambleModel

/// `bramble graph --graph FILE`
struct GraphCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Show what derivations need each other.")

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .customLong("graph"),
        help: .init(
            "Take a graph that another front end has written; `-` is standard input.",
            valueName: "file"))
    var graphFile: String

    @Option(
        help: .init(
            "How: \(GraphFormat.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "format"))
    var format = GraphFormat.tree

    @Option(help: .init("Leave out what is deeper in a tree than that.", valueName: "count"))
    var depth = 64

    func validate() throws {
        if depth < 0 { throw ValidationError("The value of '--depth' must be at least 0.") }
    }

    func run(_ console: Console) throws -> ExitStatus {
        let file = try InputFile.read(graphFile)
        let graph = try GraphFile(name: file.name, bytes: file.bytes).graph()
        switch format {
        case .tree: GraphTree(graph: graph, maximumDepth: depth).draw(console.write)
        case .dot: GraphDot(graph: graph).draw(console.write)
        case .json:
            console.write(graph.canonicalJSON)
            console.write("\n")
        }
        return .success
    }
}
