import BrambleModel
import BrambleProject

/// What an evaluation has looked at, and what came of it; the graph only by its hash.
struct EvaluationRecord {
    var inputs: EvaluationInputs
    let functions: [Evaluation.Function]
    let messages: [String]
    let graph: ContentHash

    init(inputs: EvaluationInputs, result: Evaluation) {
        self.inputs = inputs
        functions = result.functions
        messages = result.messages
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
        writer.write(graph.bytes)
        return writer.bytes
    }
}
