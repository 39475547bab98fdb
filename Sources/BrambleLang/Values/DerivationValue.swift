import BrambleModel
import SourceDiagnostics
import Starlark

/// A derivation in the language. Its attributes are its outputs: texts that refer to them.
final class DerivationValue: HostObject, Hashable {
    static let starlarkTypeName = "derivation"
    static let members: HostMembers<DerivationValue> = []

    let derivation: Derivation
    /// A reference to the first output: what stands for the derivation in texts. Programs ask for it
    /// again and again.
    let reference: String

    init(_ derivation: Derivation) {
        self.derivation = derivation
        reference = Reference(derivation.hash, derivation.outputs[0]).description
    }

    /// `str(d)` and `repr(d)`.
    var starlarkDescription: String { reference }

    func attribute(_ name: String) -> (any StarlarkConvertible)? {
        // A derivation has few outputs, most of them one.
        guard let number = derivation.outputs.firstIndex(where: { $0.description == name }) else {
            return nil
        }
        return number == 0
            ? reference : Reference(derivation.hash, derivation.outputs[number]).description
    }

    var attributeNames: [String] { derivation.outputs.map(\.description) }

    func missingAttribute(_ name: String) -> EvaluationError? {
        let nearest = closestMatch(to: name, among: attributeNames).map { "did you mean `\($0)`? " }
        let known = attributeNames.map { "`\($0)`" }.joined(separator: ", ")
        return EvaluationError(
            "derivation `\(derivation.name)` has no output `\(name)`",
            hint: (nearest ?? "") + "its outputs are \(known)")
    }

    static func == (left: DerivationValue, right: DerivationValue) -> Bool {
        left.derivation == right.derivation
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(derivation)
    }
}
