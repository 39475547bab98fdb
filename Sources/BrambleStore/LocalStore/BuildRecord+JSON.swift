import BrambleModel

/// The text of a build's record: `docs/store-format.md`, canonical JSON.
///
/// Written and read by hand: one is read for each derivation that a build looks up, and with `Codable` most of
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
        do throws(Fault) {
            self = try JSONScanner.read(json) { (scanner) throws(Fault) in
                try BuildRecord(&scanner)
            }
        } catch {
            // Other versions may have other fields. What has no schema is no record at all.
            if let schema = try? BuildRecord.schema(of: json), schema != BuildRecord.schema {
                throw StoreError(.incompatible, "a build's record is of the format `\(schema)`")
            }
            throw StoreError(.malformed, "cannot read a build's record: \(error.message)")
        }
    }

    private init(_ scanner: inout JSONScanner) throws(Fault) {
        var facts: Facts?
        var outputs: [BuiltOutput]?
        var isKnown = false
        try scanner.readFields { (key, scanner) throws(Fault) in
            switch key {
            case "facts": facts = try Facts(&scanner)
            case "outputs": outputs = try BuiltOutput.list(&scanner)
            case "schema": isKnown = try scanner.readString() == BuildRecord.schema
            default: try scanner.skipValue()
            }
        }
        guard isKnown else { throw Fault(.unsupportedSchema, "its format is not known") }
        self.init(try facts.orMissing("facts"), outputs: try outputs.orMissing("outputs"))
    }

    private static func schema(of json: [UInt8]) throws(Fault) -> String? {
        try JSONScanner.read(json) { (scanner) throws(Fault) in
            var schema: String?
            try scanner.readFields { (key, scanner) throws(Fault) in
                if key == "schema" {
                    schema = try scanner.readString()
                } else {
                    try scanner.skipValue()
                }
            }
            return schema
        }
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

    fileprivate init(_ scanner: inout JSONScanner) throws(Fault) {
        var key: BuildKey?
        var derivation: DerivationName?
        var (duration, finishedAt): (Int?, Int?)
        var machine: String?
        var (log, resolvedDerivation): (Digest?, Digest?)
        try scanner.readFields { (field, scanner) throws(Fault) in
            switch field {
            case "derivation": derivation = try DerivationName(scanner.readString())
            case "duration_ms": duration = try scanner.readInteger()
            case "finished_at": finishedAt = try scanner.readInteger()
            case "key": key = try BuildKey(scanner.readString())
            case "log": log = try Digest(scanner.readString())
            case "machine": machine = try scanner.readString()
            case "resolved_derivation": resolvedDerivation = try Digest(scanner.readString())
            default: try scanner.skipValue()
            }
        }
        self.init(
            key: try key.orMissing("key"), derivation: try derivation.orMissing("derivation"),
            finishedAt: try finishedAt.orMissing("finished_at"))
        durationMilliseconds = try duration.orMissing("duration_ms")
        self.machine = try machine.orMissing("machine")
        self.log = log
        self.resolvedDerivation = resolvedDerivation
    }
}

extension BuiltOutput {
    fileprivate static func list(_ scanner: inout JSONScanner) throws(Fault) -> [BuiltOutput] {
        var list: [BuiltOutput] = []
        try scanner.beginArray()
        while try scanner.nextElement() { list.append(try BuiltOutput(&scanner)) }
        return list
    }

    private init(_ scanner: inout JSONScanner) throws(Fault) {
        var output: OutputName?
        var name: StoreName?
        var tree: Digest?
        try scanner.readFields { (field, scanner) throws(Fault) in
            switch field {
            case "name": name = try StoreName(scanner.readString())
            case "output": output = try OutputName(scanner.readString())
            case "tree": tree = try Digest(scanner.readString())
            default: try scanner.skipValue()
            }
        }
        self.init(
            output: try output.orMissing("output"), name: try name.orMissing("name"),
            tree: try tree.orMissing("tree"))
    }
}

extension JSONScanner {
    /// Reads an object: `read` is to pass the value of each key.
    fileprivate mutating func readFields(
        _ read: (_ key: String, inout JSONScanner) throws(Fault) -> Void
    ) throws(Fault) {
        try beginObject()
        while let key = try nextKey() { try read(key, &self) }
    }
}

extension Optional {
    fileprivate func orMissing(_ field: String) throws(Fault) -> Wrapped {
        guard let value = self else { throw Fault(.missingField, "`\(field)` is missing") }
        return value
    }
}
