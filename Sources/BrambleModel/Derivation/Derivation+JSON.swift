extension Derivation {
    /// The bytes that are hashed, after a line that names the format: see
    /// `docs/derivation-format.md`.
    public var canonicalJSON: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}

extension Derivation.Fields {

    /// Whether the one output is the one that there is if none is listed.
    var hasStandardOutputs: Bool { outputs.count == 1 && outputs[0] == .standard }

    /// Writes the object, its keys in order, without those whose value says nothing.
    func write(to writer: inout JSONWriter) {
        beginWriting(to: &writer)
        finishWriting(to: &writer)
    }

    /// The object up to the last of the texts that programs get.
    func beginWriting(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("args", args)
        writer.key("builder")
        writer.string(builder)
        writer.field("env", env)
    }

    func finishWriting(to writer: inout JSONWriter) {
        writer.field("links", links)
        writer.key("name")
        writer.string(name.description)
        if !hasStandardOutputs {
            writer.field("outputs", outputs.map(\.description))
        }
        if let platform {
            writer.key("platform")
            writer.string(platform.description)
        }
        if let sources { writer.field("sources", sources) }
        if let target {
            writer.key("target")
            writer.string(target.description)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    /// A list of texts, unless it is empty.
    mutating func field(_ name: String, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        key(name)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    /// A map of texts, unless it is empty.
    mutating func field(_ name: String, _ map: TextMap) {
        guard !map.isEmpty else { return }
        key(name)
        beginObject()
        for entry in map.entries {
            key(entry.name)
            string(entry.value)
        }
        endObject()
    }

    mutating func field(_ name: String, _ sources: SourceSet) {
        key(name)
        beginObject()
        if let base = sources.base {
            key("base")
            string(base.description)
        }
        if let package = sources.package {
            key("package")
            string(package.description)
        }
        key("paths")
        beginArray()
        for path in sources.paths { string(path.description) }
        endArray()
        endObject()
    }
}
