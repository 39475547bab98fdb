/// What a derivation turned out to be, in the bytes of a record.
extension BuiltDerivation {
    /// - Throws: `RecordReader.Damage`.
    package init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        self.init(
            derivation: try reader.parsed(DerivationHash.self),
            key: try reader.parsed(BuildKey.self),
            outputs: try reader.list { (reader) throws(RecordReader.Damage) in
                BuiltOutput(
                    output: try reader.parsed(OutputName.self),
                    name: try reader.parsed(StoreName.self),
                    tree: try reader.parsed(Digest.self))
            })
    }

    package func write(to writer: inout RecordWriter) {
        writer.write(derivation.description)
        writer.write(key.description)
        writer.write(outputs) { writer, output in
            writer.write(output.output.description)
            writer.write(output.name.description)
            writer.write(output.tree.description)
        }
    }
}
