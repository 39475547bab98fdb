import BrambleModel

/// Functions in the bytes of a record.
extension Evaluation.Function {
    init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        target = try reader.text()
        derivations = try reader.list { (reader) throws(RecordReader.Damage) in
            Evaluation.Root(
                name: try reader.parsed(DerivationName.self),
                hash: try reader.parsed(DerivationHash.self))
        }
        runs = try reader.list(ModuleOutput.Run.init(from:))
        tests = try reader.list { (reader) throws(RecordReader.Damage) in
            ModuleOutput.Test(
                derivation: try reader.parsed(DerivationHash.self), args: try reader.texts())
        }
    }

    func write(to writer: inout RecordWriter) {
        writer.write(target)
        writer.write(derivations) { writer, root in
            writer.write(root.name.description)
            writer.write(root.hash.description)
        }
        writer.write(runs) { $1.write(to: &$0) }
        writer.write(tests) { writer, test in
            writer.write(test.derivation.description)
            writer.write(test.args) { $0.write($1) }
        }
    }
}

extension ModuleOutput.Run {
    fileprivate init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        self.init(
            derivation: try reader.parsed(DerivationHash.self), cmd: try reader.text())
        args = try reader.texts()
        paths = try reader.texts()
        readOnlyPaths = try reader.texts()
        hiddenPaths = try reader.texts()
        network = try reader.flag()
    }

    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(derivation.description)
        writer.write(cmd)
        for list in [args, paths, readOnlyPaths, hiddenPaths] {
            writer.write(list) { $0.write($1) }
        }
        writer.write(network)
    }
}
