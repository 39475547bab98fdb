import BrambleModel
import Starlark

extension Predeclared {
    /// `derivation(name, builder, args = [], sources = None, env = {}, outputs = ["out"],
    /// links = {}, target = sys.target)`.
    static let derivation = HostFunction(
        unchecked: "derivation", documentation: "A recipe: run the builder, and keep the outputs."
    ) { call in
        let state = EvaluationState.of(call)
        if state.isLoading {
            throw EvaluationError(
                "derivation: can't be called while a module is loaded",
                hint: "move the call into a function: loading a module is to be cheap, "
                    + "and to have no effect")
        }
        let arguments = try DerivationArguments(call)
        do {
            let derivation = try Derivation(fields(arguments, state.options))
            try state.add(derivation)
            return DerivationValue(derivation)
        } catch let error as ValidationError {
            throw describe(error)
        } catch let error as EvaluationError {
            throw EvaluationError("derivation: \(error.message)", hint: error.hint)
        }
    }

    private static func fields(
        _ arguments: DerivationArguments, _ options: EvaluationOptions
    ) throws -> Derivation.Fields {
        let name = try parse(arguments.name, "name") { text throws(Fault) in
            try DerivationName(text)
        }
        var fields = Derivation.Fields(name: name, builder: arguments.builder)
        fields.args = arguments.args
        fields.env = arguments.env
        fields.links = arguments.links
        fields.sources = arguments.sources
        if let outputs = arguments.outputs {
            fields.outputs = try outputs.enumerated().map { index, text in
                try parse(text, "outputs[\(index)]") { text throws(Fault) in
                    try OutputName(text)
                }
            }
        }
        try setPlatforms(of: &fields, target: arguments.target, options)
        return fields
    }

    /// Fetches are the same everywhere: they have no platforms.
    private static func setPlatforms(
        of fields: inout Derivation.Fields, target: String?, _ options: EvaluationOptions
    ) throws {
        if let target {
            fields.target = try parse(target, "target") { text throws(Fault) in
                try Platform(text)
            }
        }
        switch Derivation.BuiltinBuilder(rawValue: fields.builder) {
        case .fetchURL, .fetchGit: break
        case .derivationOutput, nil:
            fields.platform = options.platform
            fields.target = fields.target ?? options.target
        }
    }

    private static func parse<Value>(
        _ text: String, _ argument: @autoclosure () -> String,
        _ parse: (String) throws(Fault) -> Value
    ) throws(EvaluationError) -> Value {
        do throws(Fault) {
            return try parse(text)
        } catch {
            throw EvaluationError("\(argument()): \(error.message)", hint: error.hint)
        }
    }

    /// What is wrong with a derivation, by the arguments of the call.
    private static func describe(_ error: ValidationError) -> EvaluationError {
        var lines = error.faults.map { fault in
            // `$.env["X"]`, without what stands for the derivation.
            let path = fault.path.description.dropFirst(2)
            return path.isEmpty ? fault.message : "\(path): \(fault.message)"
        }
        if error.omittedCount > 0 { lines.append("and \(error.omittedCount) more") }
        return EvaluationError(
            "derivation: " + lines.joined(separator: "\n"), hint: error.faults[0].hint)
    }
}
