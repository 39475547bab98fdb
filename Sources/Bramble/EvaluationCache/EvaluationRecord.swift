import BrambleModel
import BrambleProject

/// What an evaluation has looked at, and what came of it.
struct EvaluationRecord {
    var inputs: EvaluationInputs
    var result: Evaluation
}

extension EvaluationRecord {
    /// - Throws: `RecordReader.Damage`.
    init(from reader: RecordReader) throws(RecordReader.Damage) {
        var reader = reader
        inputs = try EvaluationInputs(from: &reader)
        result = try Evaluation(from: &reader)
        guard reader.isAtEnd else { throw RecordReader.Damage() }
    }

    var bytes: [UInt8] {
        var writer = RecordWriter(capacity: result.graphJSON.count + 4_096)
        inputs.write(to: &writer)
        result.write(to: &writer)
        return writer.bytes
    }
}

extension Evaluation {
    fileprivate init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        let functions = try reader.list(Function.init(from:))
        let messages = try reader.texts()
        self.init(functions: functions, messages: messages, graphJSON: try reader.blob())
    }

    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(functions) { $1.write(to: &$0) }
        writer.write(messages) { $0.write($1) }
        writer.write(graphJSON)
    }
}
