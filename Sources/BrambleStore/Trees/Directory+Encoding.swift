package import BrambleModel

/// The canonical protobuf encoding of REAPI's `Directory`: fields by number, entries by name,
/// defaults left out (REAPI v2, comment of `message Directory`). Written by hand, because it is
/// four messages, and because a library would promise no canonical form.
extension Directory {
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(96 * (files.count + directories.count + symlinks.count))
        for file in files {
            let digest = ProtobufSize.digest(file.digest)
            let size =
                ProtobufSize.text(file.name) + ProtobufSize.field(digest)
                + (file.isExecutable ? 2 : 0)
            bytes.beginMessage(Field.files, size)
            bytes.appendText(Field.name, file.name)
            bytes.append(Field.digest, file.digest, size: digest)
            if file.isExecutable { bytes += [Field.isExecutable, 1] }
        }
        for directory in directories {
            let digest = ProtobufSize.digest(directory.digest)
            bytes.beginMessage(
                Field.directories, ProtobufSize.text(directory.name) + ProtobufSize.field(digest))
            bytes.appendText(Field.name, directory.name)
            bytes.append(Field.digest, directory.digest, size: digest)
        }
        for symlink in symlinks {
            bytes.beginMessage(
                Field.symlinks,
                ProtobufSize.text(symlink.name) + ProtobufSize.text(symlink.target))
            bytes.appendText(Field.name, symlink.name)
            bytes.appendText(Field.target, symlink.target)
        }
        return bytes
    }

    /// The digest of the canonical encoding.
    package var digest: Digest { Digest(of: encoded) }

    /// The digests of several directories, which takes less time than one after the other.
    static func digests(_ directories: [Directory]) -> [Digest] {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for directory in directories {
            bytes += directory.encoded
            ends.append(bytes.count)
        }
        let ranges = zip([0] + ends, ends).map { $0..<$1 }
        let hashes = bytes.withUnsafeBytes { bytes in
            ContentHash.hashes(of: ranges.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) })
        }
        return zip(hashes, ranges).map { Digest(hash: $0, sizeBytes: $1.count) }
    }

    /// Tags: the field's number times eight, plus 2 for what has a length, 0 for a number.
    enum Field {
        static let files: UInt8 = 1 << 3 | 2
        static let directories: UInt8 = 2 << 3 | 2
        static let symlinks: UInt8 = 3 << 3 | 2
        static let name: UInt8 = 1 << 3 | 2
        static let digest: UInt8 = 2 << 3 | 2
        static let target: UInt8 = 2 << 3 | 2
        static let isExecutable: UInt8 = 4 << 3
        static let hash: UInt8 = 1 << 3 | 2
        static let sizeBytes: UInt8 = 2 << 3
    }
}

/// How many bytes things take, which must be written before them.
private enum ProtobufSize {
    /// A field with a length: tag, length, content.
    static func field(_ count: Int) -> Int { 1 + number(count) + count }

    static func text(_ text: String) -> Int { text.isEmpty ? 0 : field(text.utf8.count) }

    static func digest(_ digest: Digest) -> Int {
        field(64) + (digest.sizeBytes == 0 ? 0 : 1 + number(digest.sizeBytes))
    }

    /// A base-128 number.
    static func number(_ value: Int) -> Int {
        max(1, (UInt64(value).bitWidth - UInt64(value).leadingZeroBitCount + 6) / 7)
    }
}

extension [UInt8] {
    fileprivate mutating func beginMessage(_ tag: UInt8, _ size: Int) {
        append(tag)
        appendNumber(size)
    }

    fileprivate mutating func appendText(_ tag: UInt8, _ text: String) {
        guard !text.isEmpty else { return }
        append(tag)
        appendNumber(text.utf8.count)
        append(contentsOf: text.utf8)
    }

    fileprivate mutating func append(_ tag: UInt8, _ digest: Digest, size: Int) {
        beginMessage(tag, size)
        append(Directory.Field.hash)
        appendNumber(64)
        digest.hash.append(hexTo: &self)
        if digest.sizeBytes != 0 {
            append(Directory.Field.sizeBytes)
            appendNumber(digest.sizeBytes)
        }
    }

    /// Seven bits a byte, lowest first; the high bit says that more follow.
    mutating func appendNumber(_ value: Int) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
