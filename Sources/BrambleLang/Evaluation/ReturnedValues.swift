import BrambleModel
import Starlark

/// Takes apart what a target returned: derivations, runs and tests, and lists, tuples and dicts of
/// them, however nested.
struct ReturnedValues {
    /// Nobody writes lists nested so deeply; one that holds itself ends here.
    private static let maximumDepth = 100
    /// In the order in which they were returned, each once.
    private(set) var derivations: [Derivation] = []
    private(set) var runs: [ModuleOutput.Run] = []
    private(set) var tests: [ModuleOutput.Test] = []
    /// The derivations returned, and those that runs and tests need; these may be there twice.
    private(set) var roots: [DerivationHash] = []

    /// How many values there may be: lists that hold lists twice grow exponentially.
    private let maximumElements: Int
    private var returned: Set<DerivationHash> = []
    private var elementCount = 0

    /// - Throws: what a target can't return; the error names neither function nor file.
    init(_ value: StarlarkValue, maximumElements: Int) throws(EvaluationError) {
        self.maximumElements = maximumElements
        if !value.isNone { try add(value, depth: 0) }
    }

    private mutating func add(_ value: StarlarkValue, depth: Int) throws(EvaluationError) {
        elementCount += 1
        guard elementCount <= maximumElements else {
            throw EvaluationError("more than \(maximumElements) values")
        }
        switch value.kind {
        case .host: if addObject(value) { return }
        case .list, .tuple: return try add(elementsOf: try value.elements(), depth: depth)
        case .dict:
            return try add(elementsOf: (value.entries ?? []).lazy.map(\.value), depth: depth)
        default: break
        }
        let article = "aeiou".contains(value.typeName.first ?? "x") ? "an" : "a"
        let name = value.isNone ? "None" : "\(article) \(value.typeName)"
        throw EvaluationError(
            depth == 0 ? name : "\(name) in a list or dict",
            hint: "a target returns a derivation, a run, a test, a list, tuple or dict of those, "
                + "or None")
    }

    private mutating func add(
        elementsOf values: some Sequence<StarlarkValue>, depth: Int
    ) throws(EvaluationError) {
        guard depth < ReturnedValues.maximumDepth else {
            throw EvaluationError("lists nested more than \(ReturnedValues.maximumDepth) deep")
        }
        for value in values { try add(value, depth: depth + 1) }
    }

    /// - Returns: false for objects that targets can't return.
    private mutating func addObject(_ value: StarlarkValue) -> Bool {
        if let value = try? value.as(DerivationValue.self) {
            let derivation = value.derivation
            if returned.insert(derivation.hash).inserted {
                derivations.append(derivation)
                roots.append(derivation.hash)
            }
        } else if let value = try? value.as(RunValue.self) {
            runs.append(value.run)
            roots.append(value.run.derivation)
            roots += value.needs
        } else if let value = try? value.as(TestValue.self) {
            tests.append(value.test)
            roots.append(value.test.derivation)
            roots += value.needs
        } else {
            return false
        }
        return true
    }
}
