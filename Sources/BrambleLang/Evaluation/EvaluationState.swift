import BrambleModel
import SourceDiagnostics
import Starlark

/// What the predeclared functions share while a module is loaded, or a function is called.
///
/// One for each evaluator, so it is used by one thread at a time. What is made in one call never
/// shows in another: derivations can't be made while modules are loaded, and nothing that a module
/// holds can change afterwards. So the outcome of a call depends on the modules only.
final class EvaluationState {
    let provider: any ModuleProvider
    let options: EvaluationOptions
    /// The modules of the files that are evaluated.
    private var modules: [ObjectIdentifier: ModuleName]
    /// What texts that are in no file count as: what is typed in a session.
    private let fallback: ModuleName?

    /// Whether a module is being loaded, rather than a function called.
    private(set) var isLoading = true
    /// The derivations that were made in this call, each behind those it refers to.
    private var made: [Derivation] = []
    /// Their numbers in that list.
    private var numbers: [DerivationHash: Int] = [:]
    /// The bytes of their texts.
    private var textBytes = 0

    init(
        provider: any ModuleProvider, options: EvaluationOptions,
        modules: [ObjectIdentifier: ModuleName], fallback: ModuleName? = nil
    ) {
        self.provider = provider
        self.options = options
        self.modules = modules
        self.fallback = fallback
    }

    /// Notes which modules files are.
    func add(_ more: [ObjectIdentifier: ModuleName]) {
        modules.merge(more) { $1 }
    }

    /// The module that a file is.
    func module(of file: SourceFile) -> ModuleName {
        guard let module = modules[ObjectIdentifier(file)] ?? fallback else {
            preconditionFailure("what runs stands in a file")
        }
        return module
    }

    /// The state of the evaluation that makes a call.
    static func of(_ call: borrowing CallContext) -> EvaluationState {
        guard let state = call.hostState as? EvaluationState else {
            preconditionFailure("the evaluators of modules have a state")
        }
        return state
    }

    /// Forgets the last call.
    func begin(isLoading: Bool) {
        self.isLoading = isLoading
        made.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        textBytes = 0
    }

    /// Notes a derivation that was made.
    ///
    /// - Throws: references to what was not made here, and limits.
    func add(_ derivation: Derivation) throws(EvaluationError) {
        for reference in derivation.references { try check(reference) }
        if let known = numbers.updateValue(made.count, forKey: derivation.hash) {
            numbers[derivation.hash] = known
            return
        }
        made.append(derivation)
        textBytes += derivation.textBytes
        if made.count > options.limits.derivations {
            throw EvaluationError("more than \(options.limits.derivations) derivations")
        }
        if textBytes > options.limits.textBytes {
            throw EvaluationError(
                "derivations with more than \(options.limits.textBytes) bytes of text",
                hint: "put large texts into files, and name those in `sources`")
        }
    }

    /// - Throws: if the reference is to what was not made in this call.
    func check(_ reference: Reference) throws(EvaluationError) {
        guard let number = numbers[reference.derivation] else {
            throw EvaluationError(
                "`\(reference)` refers to a derivation that was not made here",
                hint: "use the derivation itself, or one of its outputs, in place of the text")
        }
        guard made[number].hasOutput(reference.output) else {
            let derivation = made[number]
            let outputs = derivation.outputs.map { "`\($0)`" }.joined(separator: ", ")
            throw EvaluationError(
                "derivation `\(derivation.name)` has no output `\(reference.output)`",
                hint: "its outputs are \(outputs)")
        }
    }

    /// Derivations that were made here, with all they refer to.
    func closure(of roots: [DerivationHash]) -> [Derivation] {
        var isNeeded = [Bool](repeating: false, count: made.count)
        func need(_ hash: DerivationHash) {
            guard let number = numbers[hash] else {
                preconditionFailure("a derivation was returned that was not made")
            }
            isNeeded[number] = true
        }
        roots.forEach(need)
        for number in made.indices.reversed() where isNeeded[number] {
            for reference in made[number].references { need(reference.derivation) }
        }
        return made.indices.lazy.filter { isNeeded[$0] }.map { self.made[$0] }
    }

    /// The derivations that texts refer to.
    func references(in texts: [String]) throws -> [DerivationHash] {
        var hashes: [DerivationHash] = []
        for text in texts {
            for occurrence in try Reference.scan(text) {
                try check(occurrence.reference)
                hashes.append(occurrence.reference.derivation)
            }
        }
        return hashes
    }
}
