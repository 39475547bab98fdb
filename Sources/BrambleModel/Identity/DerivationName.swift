/// What people call a derivation: `gcc-14.2`. Names need not be unique; a `DerivationHash` is.
///
/// 1 to 200 bytes: ASCII letters and digits, and after the first one also `+`, `-`, `.` and `_`.
/// The name is in progress lines, in logs' file names and in placeholders.
public struct DerivationName: TextRepresentable, Hashable {
    public static let maximumBytes = 200

    public let description: String

    public init(_ text: String) throws(Fault) {
        guard let first = text.utf8.first else {
            throw Fault(
                .invalidText, "the name is empty", hint: "name the derivation, as in `hello-2.12`")
        }
        guard text.utf8.count <= DerivationName.maximumBytes else {
            throw Fault(
                .invalidText, "the name \(quoted(text)) is too long",
                hint: "use at most \(DerivationName.maximumBytes) bytes")
        }
        guard first.isASCIILetter || first.isASCIIDigit, text.utf8.allSatisfy(isNameByte) else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a name of a derivation",
                hint: "use letters, digits, `+`, `-`, `.` and `_`; begin with a letter or a digit")
        }
        description = text
    }

    /// - Parameter valid: A text that is a name, or is never seen.
    init(valid: String) {
        description = valid
    }
}

extension DerivationName: Comparable {
    public static func < (left: DerivationName, right: DerivationName) -> Bool {
        left.description.precedesByBytes(right.description)
    }
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    default: byte.isASCIILetter || byte.isASCIIDigit
    }
}
