internal import BrambleModel

extension Directory {
    /// Reads the canonical encoding, and nothing else: what was hashed is what is read. So unknown
    /// fields, such as the properties that REAPI allows, are refused, and so are names that no file
    /// can have.
    ///
    /// - Throws: `malformed`.
    package init(decoding bytes: [UInt8]) throws(StoreError) {
        var reader = ProtobufReader(bytes[...])
        self.init()
        while let tag = reader.tag() {
            var entry = ProtobufReader(try reader.content())
            switch tag {
            case Field.files:
                let name = try entry.name()
                let digest = try entry.digest()
                let isExecutable = try entry.isExecutable()
                files.append(File(name: name, digest: digest, isExecutable: isExecutable))
            case Field.directories:
                let name = try entry.name()
                directories.append(Subdirectory(name: name, digest: try entry.digest()))
            case Field.symlinks:
                let name = try entry.name()
                symlinks.append(Symlink(name: name, target: try entry.text(Field.target)))
            default: throw malformedDirectory("it has an unknown field")
            }
            try entry.finish()
        }
        // As bytes: texts that look alike are equal, and may be names of two files.
        let names = Set(
            (files.map(\.name) + directories.map(\.name) + symlinks.map(\.name))
                .map { Array($0.utf8) })
        guard names.count == files.count + directories.count + symlinks.count,
            encoded == bytes
        else { throw malformedDirectory("it is not in canonical form") }
    }
}

private func malformedDirectory(_ reason: String) -> StoreError {
    StoreError(.malformed, "cannot read a `Directory` message: \(reason)")
}

/// Reads the fields of a message in order.
private struct ProtobufReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    mutating func tag() -> UInt8? { rest.popFirst() }

    mutating func content() throws(StoreError) -> ArraySlice<UInt8> {
        let count = try number()
        guard count <= rest.count else { throw malformedDirectory("it ends early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number() throws(StoreError) -> Int {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 63, by: 7) {
            guard let byte = rest.popFirst() else { throw malformedDirectory("it ends early") }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return Int(value) }
        }
        throw malformedDirectory("a number in it is too large")
    }

    mutating func text(_ expected: UInt8) throws(StoreError) -> String {
        guard tag() == expected else { throw malformedDirectory("a field is missing") }
        guard let text = String(validating: try content(), as: UTF8.self), !text.isEmpty,
            !text.utf8.contains(0)
        else { throw malformedDirectory("a text in it is empty, or not UTF-8, or has a NUL") }
        return text
    }

    /// The name of a file: one component of a path.
    mutating func name() throws(StoreError) -> String {
        let name = try text(Directory.Field.name)
        guard (try? RelativePath(name)) != nil, !name.utf8.contains(UInt8(ascii: "/")) else {
            // Which rule it breaks does not matter: no file system has made this name.
            throw malformedDirectory("`\(name)` is not a name of a file")
        }
        return name
    }

    mutating func digest() throws(StoreError) -> Digest {
        guard tag() == Directory.Field.digest else {
            throw malformedDirectory("a digest is missing")
        }
        var message = ProtobufReader(try content())
        let hex = try message.text(Directory.Field.hash)
        var size = 0
        if let tag = message.tag() {
            guard tag == Directory.Field.sizeBytes else {
                throw malformedDirectory("a digest in it has an unknown field")
            }
            size = try message.number()
        }
        try message.finish()
        do throws(Fault) {
            return try Digest("\(hex)/\(size)")
        } catch {
            throw malformedDirectory(error.message)
        }
    }

    mutating func isExecutable() throws(StoreError) -> Bool {
        guard let tag = tag() else { return false }
        guard tag == Directory.Field.isExecutable, try number() == 1 else {
            throw malformedDirectory("a file in it has an unknown field")
        }
        return true
    }

    func finish() throws(StoreError) {
        guard rest.isEmpty else { throw malformedDirectory("it has an unknown field") }
    }
}
