/// What a package is known by where others depend on it: `github.com/x/y`.
///
/// Components separated by single `/`, each of ASCII letters, digits, `-`, `.`, `_`, `~` and `+`,
/// and neither `.` nor `..`: at most 255 bytes in all. It looks like a URL without its scheme; that
/// it can be fetched is another's concern.
public struct PackageName: TextRepresentable, Hashable {
    public static let maximumBytes = 255

    public let description: String

    public init(_ text: String) throws(Fault) {
        let components = text.utf8.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.count <= PackageName.maximumBytes, components.allSatisfy(isComponent)
        else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a name of a package",
                hint: "write it as in `github.com/x/y`, "
                    + "at most \(PackageName.maximumBytes) bytes")
        }
        description = text
    }
}

extension PackageName: Comparable {
    public static func < (left: PackageName, right: PackageName) -> Bool {
        left.description.precedesByBytes(right.description)
    }
}

private func isComponent(_ text: Substring.UTF8View) -> Bool {
    let isDots = text.count <= 2 && text.allSatisfy { $0 == UInt8(ascii: ".") }
    return !isDots
        && text.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "+-._~".utf8.contains($0) }
}
