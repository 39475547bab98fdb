/// A path below some directory, in its one form: components separated by single `/`, none of them
/// empty, `.` or `..`, no NUL; at most 255 bytes a component and 4,095 in all (man 7 path_resolution).
///
/// The bytes are what counts: two spellings of an accented letter are two paths.
public struct RelativePath: TextRepresentable {
    public static let maximumBytes = 4095
    public static let maximumComponentBytes = 255

    public let description: String

    public init(_ text: String) throws(Fault) {
        if let reason = RelativePath.fault(text.utf8) {
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

    private static func fault(_ text: String.UTF8View) -> String? {
        let slash = UInt8(ascii: "/")
        if text.isEmpty { return "is empty" }
        if text.first == slash { return "is absolute" }
        if text.count > maximumBytes { return "is longer than \(maximumBytes) bytes" }
        for component in text.split(separator: slash, omittingEmptySubsequences: false) {
            if component.isEmpty { return "has an empty component" }
            if component.count > maximumComponentBytes {
                return "has a component of more than \(maximumComponentBytes) bytes"
            }
            if component.first == UInt8(ascii: ".") && component.count <= 2
                && component.last == UInt8(ascii: ".")
            {
                return "has a component `\(component.count == 1 ? "." : "..")`"
            }
            if component.contains(0) { return "has a NUL character" }
        }
        return nil
    }
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
