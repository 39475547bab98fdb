import FoundationEssentials

/// Reading and writing whole text files.
public enum TextFile {
    public static func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    /// Writes a file, and makes the folders it is in.
    public static func write(_ text: String, to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// The path of a file beside a source file, which is usually the caller's `#filePath`.
    public static func path(_ name: String, beside sourceFile: String) -> String {
        URL(filePath: sourceFile).deletingLastPathComponent().appending(path: name).path
    }
}
