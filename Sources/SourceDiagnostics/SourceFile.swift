/// A source text with a name, and the way from byte offsets to lines and columns.
public final class SourceFile: Sendable {
    /// What messages call the file, usually its path as the user gave it.
    public let name: String
    /// The text as it was read. It may hold invalid UTF-8, which is for the scanner to refuse.
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    public convenience init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }
}
