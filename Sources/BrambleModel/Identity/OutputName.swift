/// One of the results of a derivation: `out`, `dev`.
///
/// 1 to 64 bytes: a lower-case ASCII letter, then such letters, digits and `_`. So the name can be
/// an environment variable of the build, which tells where to put the output, and an attribute of
/// the derivation in Starlark.
public struct OutputName: TextRepresentable, Hashable {
    public static let maximumBytes = 64
    /// The one output of a derivation that lists none: `out`.
    public static let standard = OutputName(valid: "out")

    /// Holds the place of a name that could not be read, while its list is checked.
    static let unreadable = OutputName(valid: "")

    public let description: String

    public init(_ text: String) throws(Fault) {
        guard OutputName.length(atStartOf: text.utf8) == text.utf8.count, !text.isEmpty else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a name of an output",
                hint: "use a lower-case letter, then such letters, digits and `_`, "
                    + "at most \(OutputName.maximumBytes) in all")
        }
        description = text
    }

    /// - Parameter valid: A text that has the grammar of a name.
    init(valid: String) {
        description = valid
    }

    /// How many bytes at the start of a text can be the name of an output; 0 if none.
    static func length(atStartOf text: some Collection<UInt8>) -> Int {
        guard let first = text.first, first.isASCIILowercase else { return 0 }
        return text.prefix(maximumBytes).prefix {
            $0.isASCIILowercase || $0.isASCIIDigit || $0 == UInt8(ascii: "_")
        }.count
    }
}

extension OutputName: Comparable {
    public static func < (left: OutputName, right: OutputName) -> Bool {
        left.description.precedesByBytes(right.description)
    }
}
