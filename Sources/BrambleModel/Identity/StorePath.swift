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
}
