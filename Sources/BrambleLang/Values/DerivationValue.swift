import BrambleModel
import SourceDiagnostics
import Starlark

/// A derivation in the language. Its attributes are its outputs: texts that refer to them.
final class DerivationValue: HostObject, Hashable {
    static let starlarkTypeName = "derivation"
    static let members: HostMembers<DerivationValue> = []

    let derivation: Derivation

    init(_ derivation: Derivation) {
        self.derivation = derivation
    }

    /// A reference to the first output.
    var reference: Reference { Reference(derivation.hash, derivation.outputs[0]) }

    /// `str(d)` and `repr(d)`: what stands for the derivation in texts.
    var starlarkDescription: String { reference.description }

    func attribute(_ name: String) -> (any StarlarkConvertible)? {
        // A derivation has few outputs, most of them one.
        for output in derivation.outputs where output.description == name {
            return Reference(derivation.hash, output).description
        }
        return nil
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
