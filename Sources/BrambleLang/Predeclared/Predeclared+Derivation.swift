import BrambleModel
import Starlark

extension Predeclared {
    /// `derivation(name, builder, args = [], sources = None, env = {}, outputs = ["out"],
    /// links = {}, target = sys.target)`.
    static let derivation = HostFunction(
        "derivation",
        .required("name", String.self),
        .required("builder", BuildText.self),
        .defaulted("args", [BuildText]()),
        .optional("sources", FilesValue.self),
        .defaulted("env", OrderedPairs<String, BuildText>()),
        .optional("outputs", [String].self),
        .defaulted("links", OrderedPairs<String, BuildText>()),
        .optional("target", String.self),
        documentation: "A recipe: run the builder, and keep the outputs."
    ) { call, name, builder, args, sources, env, outputs, links, target in
        let state = EvaluationState.of(call)
        if state.isLoading {
            throw EvaluationError(
                "derivation: can't be called while a module is loaded",
                hint: "move the call into a function: loading a module is to be cheap, "
                    + "and to have no effect")
        }
        do {
            var fields = Derivation.Fields(
                name: try parse(name, "name") { text throws(Fault) in try DerivationName(text) },
                builder: builder.text)
            fields.args = args.map(\.text)
            fields.env = TextMap(env)
            fields.links = TextMap(links)
            if let outputs {
                fields.outputs = try outputs.enumerated().map { index, text in
                    try parse(text, "outputs[\(index)]") { text throws(Fault) in
                        try OutputName(text)
                    }
                }
            }
            fields.sources = sources?.sources
            try setPlatforms(of: &fields, target: target, state.options)
            let derivation = try Derivation(fields)
            try state.add(derivation)
            return DerivationValue(derivation)
        } catch let error as ValidationError {
            throw describe(error, of: name)
        } catch let error as EvaluationError {
            throw EvaluationError("derivation: \(error.message)", hint: error.hint)
        }
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
        _ text: String, _ argument: String, _ parse: (String) throws(Fault) -> Value
    ) throws(EvaluationError) -> Value {
        do throws(Fault) {
            return try parse(text)
        } catch {
            throw EvaluationError("\(argument): \(error.message)", hint: error.hint)
        }
    }

    /// What is wrong with a derivation, by the arguments of the call.
    private static func describe(_ error: ValidationError, of name: String) -> EvaluationError {
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

extension TextMap {
    init(_ pairs: OrderedPairs<String, BuildText>) {
        self.init(pairs.elements.map { Entry(name: $0.key, value: $0.value.text) })
    }
}
