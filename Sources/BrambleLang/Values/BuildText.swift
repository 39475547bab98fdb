import BrambleModel
import Starlark

/// A text that a build is given: a string, or a derivation, which stands for a reference to its
/// first output.
struct BuildText: StarlarkConvertible {
    static let starlarkTypeName = "string or derivation"

    let text: String

    static func fromStarlark(_ value: StarlarkValue) throws -> BuildText {
        switch value.kind {
        case .string:
            guard let text = value.validText else {
                throw ConversionError(
                    expected: starlarkTypeName, found: "string that is not UTF-8")
            }
            return BuildText(text: text)
        case .host:
            guard let derivation = try? value.as(DerivationValue.self) else { break }
            return BuildText(text: derivation.reference)
        default: break
        }
        throw ConversionError(expected: starlarkTypeName, found: value)
    }

    func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
        try factory.value(text)
    }
}
