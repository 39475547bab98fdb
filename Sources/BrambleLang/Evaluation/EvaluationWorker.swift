import BrambleModel
import SourceDiagnostics
import Starlark

/// What a call of a target yields.
struct CallResult: Sendable {
    let function: ModuleOutput.Function
    /// The derivations returned with all they need, and those that runs and tests need.
    let derivations: [Derivation]
    /// Those returned, and those that runs and tests need, in any order.
    let roots: [DerivationHash]
}

/// Loads modules and calls functions on one thread.
final class EvaluationWorker {
    private let evaluator: Evaluator
    private let state: EvaluationState

    init(_ state: EvaluationState, _ cancellation: EvaluationCancellation) {
        self.state = state
        evaluator = Evaluator(limits: state.options.limits.ofEvaluations)
        evaluator.hostState = state
        cancellation.add(evaluator.cancellation)
    }

    func setPrintHandler(_ handler: @escaping (String) -> Void) {
        var bytesLeft = state.options.limits.printedBytes
        evaluator.setPrintHandler { line in
            guard bytesLeft >= 0 else { return }
            bytesLeft -= line.utf8.count + 1
            handler(bytesLeft >= 0 ? line : "… and more, which is left out")
        }
    }

    /// Runs a module.
    ///
    /// - Parameter loads: What its `load` statements get, by what they say.
    func load(
        _ program: Program, _ environment: Environment, _ loads: [String: Module]
    ) throws(EvaluationError) -> Module {
        state.begin(isLoading: true)
        evaluator.setLoadHandler { text in
            guard let module = loads[text] else {
                preconditionFailure("a module runs after those it loads")
            }
            return module
        }
        return try evaluator.run(program, environment: environment)
    }

    /// Calls a function of a module, and takes apart what it returns.
    func call(
        _ function: ModuleListing.Function, of module: Module, _ source: ReadModule
    ) throws(EvaluationError) -> CallResult {
        guard let value = module[function.name] else {
            preconditionFailure("a module has the functions that it defines")
        }
        state.begin(isLoading: false)
        let returned = try returnedValues(of: value, function, source)
        return CallResult(
            function: ModuleOutput.Function(
                name: function.name, derivations: returned.derivations.map(\.hash),
                runs: returned.runs, tests: returned.tests),
            derivations: state.closure(of: returned.roots), roots: returned.roots)
    }

    private func returnedValues(
        of value: StarlarkValue, _ function: ModuleListing.Function, _ source: ReadModule
    ) throws(EvaluationError) -> ReturnedValues {
        let result: StarlarkValue
        do {
            result = try evaluator.call(value)
        } catch let error as EvaluationError {
            throw error
        } catch {
            preconditionFailure("a call without arguments converts nothing: \(error)")
        }
        do throws(EvaluationError) {
            return try ReturnedValues(
                result, maximumElements: state.options.limits.derivations)
        } catch {
            var error = error
            error.message = "`\(function.name)` returns \(error.message)"
            error.callStack = [
                CallFrame(function: function.name, file: source.file, span: function.span)
            ]
            throw error
        }
    }
}

extension EvaluationOptions.Limits {
    /// Those of the language.
    var ofEvaluations: EvaluationLimits {
        EvaluationLimits(steps: steps, depth: depth, allocatedBytes: allocatedBytes)
    }
}
