import BrambleModel
import BrambleProject

/// Inputs in the bytes of a record.
extension EvaluationInputs.File {
    init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        path = try reader.text()
        guard try reader.flag() else {
            (hash, stamp) = (nil, nil)
            return
        }
        guard let hash = ContentHash(digest: try reader.blob()) else { throw RecordReader.Damage() }
        self.hash = hash
        stamp = try reader.optional(FileStamp.init(from:))
    }

    func write(to writer: inout RecordWriter) {
        writer.write(path)
        writer.write(hash != nil)
        guard let hash else { return }
        writer.write(hash.bytes)
        writer.write(stamp) { $1.write(to: &$0) }
    }
}

extension EvaluationInputs.Search {
    init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        root = try reader.text()
        question =
            try reader.flag()
            ? .modules(below: try reader.texts()) : .files(try GlobQuery(from: &reader))
        answer = try reader.texts()
        trace = try reader.optional { (reader) throws(RecordReader.Damage) in
            WalkTrace(places: try reader.list(WalkTrace.Place.init(from:)))
        }
    }

    func write(to writer: inout RecordWriter) {
        writer.write(root)
        switch question {
        case .modules(let folder):
            writer.write(true)
            writer.write(folder) { $0.write($1) }
        case .files(let query):
            writer.write(false)
            query.write(to: &writer)
        }
        writer.write(answer) { $0.write($1) }
        writer.write(trace) { writer, trace in
            writer.write(trace.places) { $1.write(to: &$0) }
        }
    }
}

extension GlobQuery {
    fileprivate init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        self.init(
            base: try reader.texts(), include: try reader.texts(), exclude: try reader.texts(),
            includesFolders: try reader.flag(), allowsEmpty: try reader.flag())
    }

    fileprivate func write(to writer: inout RecordWriter) {
        for list in [base, include, exclude] { writer.write(list) { $0.write($1) } }
        writer.write(includesFolders)
        writer.write(allowsEmpty)
    }
}

extension WalkTrace.Place {
    fileprivate init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        self.init(path: try reader.text(), stamp: try reader.optional(FileStamp.init(from:)))
    }

    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(path)
        writer.write(stamp) { $1.write(to: &$0) }
    }
}

extension FileStamp {
    init(from reader: inout RecordReader) throws(RecordReader.Damage) {
        self.init(
            inode: UInt64(bitPattern: Int64(try reader.number())),
            sizeBytes: Int64(try reader.number()), modified: Int64(try reader.number()),
            changed: Int64(try reader.number()))
    }

    func write(to writer: inout RecordWriter) {
        writer.write(Int(truncatingIfNeeded: inode))
        writer.write(Int(sizeBytes))
        writer.write(Int(modified))
        writer.write(Int(changed))
    }
}
