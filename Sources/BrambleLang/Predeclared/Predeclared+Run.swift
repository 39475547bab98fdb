import BrambleModel
import Starlark

extension Predeclared {
    /// `run(derivation, cmd, args = [], paths = [], read_only_paths = [], hidden_paths = [],
    /// network = False)`.
    static let run = HostFunction(
        "run",
        .required("derivation", DerivationValue.self),
        .required("cmd", BuildText.self),
        .defaulted("args", [BuildText]()),
        .defaulted("paths", [String]()),
        .defaulted("read_only_paths", [String]()),
        .defaulted("hidden_paths", [String]()),
        .defaulted("network", false),
        documentation: "A program of a derivation, and what it may do."
    ) { call, derivation, cmd, args, paths, readOnlyPaths, hiddenPaths, network in
        let state = EvaluationState.of(call)
        guard !cmd.text.isEmpty else {
            throw EvaluationError(
                "run: cmd: the command is empty", hint: "name a program, as in `bin/hello`")
        }
        var run = ModuleOutput.Run(derivation: derivation.derivation.hash, cmd: cmd.text)
        run.args = args.map(\.text)
        run.paths = paths
        run.readOnlyPaths = readOnlyPaths
        run.hiddenPaths = hiddenPaths
        run.network = network
        let texts = [run.cmd] + run.args
        let paths = paths + readOnlyPaths + hiddenPaths
        return RunValue(run, needs: try needs(call, texts, paths, state))
    }

    /// `test(derivation, args = [])`.
    static let test = HostFunction(
        "test",
        .required("derivation", DerivationValue.self),
        .defaulted("args", [BuildText]()),
        documentation: "A derivation whose builder is a test."
    ) { call, derivation, args in
        let test = ModuleOutput.Test(
            derivation: derivation.derivation.hash, args: args.map(\.text))
        return TestValue(test, needs: try needs(call, test.args, [], EvaluationState.of(call)))
    }

    /// The derivations that texts of a command refer to; all texts are checked.
    private static func needs(
        _ call: borrowing CallContext, _ texts: [String], _ paths: [String],
        _ state: EvaluationState
    ) throws -> [DerivationHash] {
        let name = call.functionName
        if (texts + paths).contains(where: { $0.utf8.contains(0) }) {
            throw EvaluationError(
                "\(name): a text has a NUL character",
                hint: "leave it out; no program can be given one (man 2 execve)")
        }
        do {
            return try state.references(in: texts)
        } catch let fault as Fault {
            throw EvaluationError("\(name): \(fault.message)", hint: fault.hint)
        } catch let error as EvaluationError {
            throw EvaluationError("\(name): \(error.message)", hint: error.hint)
        }
    }
}
