import BrambleModel

/// The text of a build's record: `docs/store-format.md`, canonical JSON.
///
/// Written out by hand: one is read for each derivation that a build looks up, and with `Codable` most of
/// that time went to the look-ups of conformances that the run-time makes.
extension BuildRecord {
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("facts")
        facts.write(to: &writer)
        writer.key("outputs")
        writer.beginArray()
        for output in outputs {
            writer.beginObject()
            writer.field("name", output.name.description)
            writer.field("output", output.output.description)
            writer.field("tree", output.tree.description)
            writer.endObject()
        }
        writer.endArray()
        writer.field("schema", BuildRecord.schema)
        writer.endObject()
        return writer.bytes
    }

    /// - Throws: `malformed`; `incompatible` if it is of another version.
    init(json: [UInt8]) throws(StoreError) {
        let schema: String
        let record: BuildRecord?
        do throws(Fault) {
            let value = try JSONValue(json: json)
            schema = try value.text("schema")
            record = schema == BuildRecord.schema ? try BuildRecord(value) : nil
        } catch {
            throw StoreError(.malformed, "cannot read a build's record: \(error.message)")
        }
        guard let record else {
            throw StoreError(.incompatible, "a build's record is of the format `\(schema)`")
        }
        self = record
    }

    private init(_ value: JSONValue) throws(Fault) {
        guard case .array(let outputs)? = value["outputs"], let facts = value["facts"] else {
            throw Fault(.missingField, "`facts` or `outputs` is missing")
        }
        var built: [BuiltOutput] = []
        for output in outputs {
            built.append(
                BuiltOutput(
                    output: try OutputName(output.text("output")),
                    name: try StoreName(output.text("name")),
                    tree: try Digest(output.text("tree"))))
        }
        self.init(try Facts(facts), outputs: built)
    }
}

extension BuildRecord.Facts {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("derivation", derivation.description)
        writer.key("duration_ms")
        writer.integer(durationMilliseconds)
        writer.key("finished_at")
        writer.integer(finishedAt)
        writer.field("key", key.description)
        if let log { writer.field("log", log.description) }
        writer.field("machine", machine)
        if let resolvedDerivation {
            writer.field("resolved_derivation", resolvedDerivation.description)
        }
        writer.endObject()
    }

    fileprivate init(_ value: JSONValue) throws(Fault) {
        self.init(
            key: try BuildKey(value.text("key")),
            derivation: try DerivationName(value.text("derivation")),
            finishedAt: try value.integer("finished_at"))
        durationMilliseconds = try value.integer("duration_ms")
        machine = try value.text("machine")
        if value["log"] != nil { log = try Digest(value.text("log")) }
        if value["resolved_derivation"] != nil {
            resolvedDerivation = try Digest(value.text("resolved_derivation"))
        }
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) throws(Fault) -> String {
        guard case .string(let text)? = self[name] else {
            throw Fault(.wrongType, "`\(name)` is no text")
        }
        return text
    }

    fileprivate func integer(_ name: String) throws(Fault) -> Int {
        guard case .integer(let number)? = self[name] else {
            throw Fault(.wrongType, "`\(name)` is no number")
        }
        return number
    }
}
