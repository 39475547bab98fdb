import BrambleModel
import BrambleProject

/// What an evaluation has looked at, and what came of it; the graph only by its hash.
struct EvaluationRecord {
    var inputs: EvaluationInputs
    let functions: [Evaluation.Function]
    let messages: [String]
    let packages: [Evaluation.Package]
    let graph: ContentHash

    init(inputs: EvaluationInputs, result: Evaluation) {
        self.inputs = inputs
        functions = result.functions
        messages = result.messages
        packages = result.packages
        graph = result.graphHash
    }
}

extension EvaluationRecord {
    /// - Throws: `RecordReader.Damage`.
    init(from reader: RecordReader) throws(RecordReader.Damage) {
        var reader = reader
        inputs = try EvaluationInputs(from: &reader)
        functions = try reader.list(Evaluation.Function.init(from:))
        messages = try reader.texts()
        packages = try reader.list { (reader) throws(RecordReader.Damage) in
            Evaluation.Package(
                name: try reader.parsed(PackageName.self), folder: try reader.text())
        }
        guard let hash = ContentHash(digest: try reader.blob()), reader.isAtEnd else {
            throw RecordReader.Damage()
        }
        graph = hash
    }

    var bytes: [UInt8] {
        var writer = RecordWriter()
        inputs.write(to: &writer)
        writer.write(functions) { $1.write(to: &$0) }
        writer.write(messages) { $0.write($1) }
        writer.write(packages) { writer, package in
            writer.write(package.name.description)
            writer.write(package.folder)
        }
        writer.write(graph.bytes)
        return writer.bytes
    }
}
