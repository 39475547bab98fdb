import BrambleModel

/// The history of a target in the bytes of a record.
extension BuildHistory.Record {
    /// Stands at the beginning. The first one was JSON.
    private static let format = 2

    /// - Throws: `RecordReader.Damage`, also for what another version has written.
    init(_ reader: RecordReader) throws(RecordReader.Damage) {
        var reader = reader
        guard try reader.number() == Self.format else { throw RecordReader.Damage() }
        last = try BuildHistory.Entry(from: &reader)
        previous = try reader.optional(BuildHistory.Entry.init(from:))
        guard reader.isAtEnd else { throw RecordReader.Damage() }
    }

    var bytes: [UInt8] {
        var writer = RecordWriter()
        writer.write(Self.format)
        last.write(to: &writer)
        writer.write(previous) { $1.write(to: &$0) }
        return writer.bytes
    }
}

extension BuildHistory.Entry {
    fileprivate init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        roots = try reader.list { (reader) throws(RecordReader.Damage) in
            try reader.parsed(DerivationHash.self)
        }
        graph = try reader.parsed(Digest.self)
        sources = try reader.list { (reader) throws(RecordReader.Damage) in
            BuildInput.SourceTree(
                derivation: try reader.parsed(DerivationHash.self),
                tree: try reader.parsed(Digest.self))
        }
        urlHashes = try reader.list { (reader) throws(RecordReader.Damage) in
            URLHash(
                url: try reader.parsed(SourceURL.self), hash: try reader.parsed(ContentHash.self))
        }
        gitPins = try reader.list { (reader) throws(RecordReader.Damage) in
            GitPin(
                url: try reader.parsed(SourceURL.self), reference: try reader.text(),
                commit: try reader.text(), tree: try reader.parsed(Digest.self))
        }
    }

    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(roots) { $0.write($1.description) }
        writer.write(graph.description)
        writer.write(sources) { writer, source in
            writer.write(source.derivation.description)
            writer.write(source.tree.description)
        }
        writer.write(urlHashes) { writer, fact in
            writer.write(fact.url.description)
            writer.write(fact.hash.description)
        }
        writer.write(gitPins) { writer, pin in
            writer.write(pin.url.description)
            writer.write(pin.reference)
            writer.write(pin.commit)
            writer.write(pin.tree.description)
        }
    }
}
