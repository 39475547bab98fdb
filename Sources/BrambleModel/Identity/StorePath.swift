/// An object of the store, or a file inside one, by the path that builds and programs see:
/// `/bramble/content-addressed-and-relocatable/store/NAME` and perhaps more.
///
/// The prefix is the same on every machine; where the store lies on disk is another matter.
public struct StorePath: TextRepresentable, Hashable {
    /// What every store path begins with.
    public static let prefix = "/bramble/content-addressed-and-relocatable/store/"

    public let name: StoreName
    /// The file inside the object; nil for the object itself.
    public let file: RelativePath?

    public init(_ name: StoreName, file: RelativePath? = nil) {
        self.name = name
        self.file = file
    }

    public init(_ text: String) throws(Fault) {
        let rest = text.utf8.dropFirst(StorePath.prefix.utf8.count)
        guard text.utf8.starts(with: StorePath.prefix.utf8),
            let hash = ShortHash(rest.prefix(ShortHash.length))
        else {
            throw Fault(
                .invalidPath, "\(quoted(text)) is not a path in the store",
                hint: "write `\(StorePath.prefix)`, a name of 32 characters, and perhaps a file")
        }
        name = StoreName(hash: hash)
        let tail = rest.dropFirst(ShortHash.length)
        if tail.isEmpty {
            file = nil
        } else if tail.first == UInt8(ascii: "/") {
            file = try RelativePath(String(decoding: tail.dropFirst(), as: UTF8.self))
        } else {
            throw Fault(
                .invalidPath, "the name in \(quoted(text)) is longer than 32 characters",
                hint: "a `/` separates the name from the file in it")
        }
    }

    public var description: String {
        StorePath.prefix + name.description + (file.map { "/\($0)" } ?? "")
    }

    /// The objects that a text names by their paths, in order, each as often as it stands there.
    ///
    /// What follows the prefix and has no name's form is no path: texts may speak of the store.
    public static func objects(namedIn text: String) -> [StoreName] {
        var text = text
        return text.withUTF8 { bytes in
            var names: [StoreName] = []
            var rest = bytes[...]
            while let start = rest.firstRange(of: prefix.utf8)?.upperBound {
                rest = rest[start...]
                let name = rest.prefix(ShortHash.length)
                let isLonger = rest.dropFirst(ShortHash.length).first.map(ShortHash.isDigit)
                guard isLonger != true, let hash = ShortHash(name) else { continue }
                names.append(StoreName(hash: hash))
            }
            return names
        }
    }
}
