/// A path below some directory, in its one form: components separated by single `/`, none of them
/// empty, `.` or `..`, no NUL; at most 255 bytes a component and 4,095 in all (man 7
/// path_resolution).
///
/// The bytes are what counts: two spellings of an accented letter are two paths.
public struct RelativePath: TextRepresentable {
    public static let maximumBytes = 4095
    public static let maximumComponentBytes = 255

    public let description: String

    public init(_ text: String) throws(Fault) {
        var bytes = text
        if let reason = bytes.withUTF8({ RelativePath.fault($0) }) {
            throw Fault(
                .invalidPath, "the path \(quoted(text)) \(reason)",
                hint: "write a path below the directory, as in `src/main.c`")
        }
        description = text
    }

    /// - Parameter valid: A text that has the form of a path.
    init(valid: String) {
        description = valid
    }

    private static func fault(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        let slash = UInt8(ascii: "/")
        if text.isEmpty { return "is empty" }
        if text[0] == slash { return "is absolute" }
        if text.count > maximumBytes { return "is longer than \(maximumBytes) bytes" }
        var start = 0
        for offset in 0...text.count where offset == text.count || text[offset] == slash {
            let length = offset - start
            if length == 0 { return "has an empty component" }
            if length > maximumComponentBytes {
                return "has a component of more than \(maximumComponentBytes) bytes"
            }
            if length <= 2, text[start] == dot, text[offset - 1] == dot {
                return "has a component `\(length == 1 ? "." : "..")`"
            }
            start = offset + 1
        }
        return text.contains(0) ? "has a NUL character" : nil
    }

    private static let dot = UInt8(ascii: ".")
}

extension RelativePath: Hashable, Comparable {
    public static func == (left: RelativePath, right: RelativePath) -> Bool {
        left.description.hasSameBytes(as: right.description)
    }

    public func hash(into hasher: inout Hasher) {
        var text = description
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(text.utf8.count)
    }

    /// The order of the bytes.
    public static func < (left: RelativePath, right: RelativePath) -> Bool {
        left.description.precedesByBytes(right.description)
    }
}
