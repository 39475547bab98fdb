package import Starlark

/// A session in which a person tries the language: what is typed may load modules, call their
/// functions and make derivations.
///
/// Modules are read anew at each `load`: whoever loads one again has changed it.
package final class ModuleSession {
    /// Runs what is typed. Its evaluator's handlers are set.
    package let session: InteractiveSession
    /// The names that all texts see.
    package let environment: Environment

    /// - Parameters:
    ///   - provider: Names in `load` and patterns in `files` start from the directory of the project.
    ///   - print: Gets the lines that are printed.
    package init(
        provider: any ModuleProvider, options: EvaluationOptions,
        print: @escaping @Sendable (String) -> Void
    ) {
        environment = Predeclared.environment(options)
        var dialect = Predeclared.dialect
        // What is typed at the prompt is the top level of a file that is never finished.
        dialect.allowsTopLevelControl = true
        dialect.loadBindsGlobally = true
        session = InteractiveSession(
            environment: environment, dialect: dialect, limits: options.limits.ofEvaluations)
        let state = EvaluationState(
            provider: provider, options: options, modules: [:], fallback: ModuleName())
        state.begin(isLoading: false)
        let evaluator = session.evaluator
        evaluator.hostState = state
        evaluator.setPrintHandler(print)
        let loader = ModuleEvaluator(provider: provider, options: options, print: print)
        evaluator.setLoadHandler { [unowned state] text in
            let (module, files) = try loader.load(text)
            state.add(files)
            return module
        }
    }
}

extension ModuleEvaluator {
    /// Runs the module that a `load` statement in the project's directory means.
    ///
    /// - Returns: The module, and the modules that files are.
    /// - Throws: `EvaluationError`, with what is wrong in the modules as its message.
    fileprivate func load(
        _ text: String
    ) throws -> (Module, files: [ObjectIdentifier: ModuleName]) {
        do {
            let name = try resolve(text)
            let (modules, files) = try load(name)
            guard let module = modules[name] else {
                preconditionFailure("a module was loaded without an error, and is not there")
            }
            return (module, files)
        } catch let error as EvaluationErrors {
            throw EvaluationError("\(text) can't be loaded\n" + error.description)
        } catch let problem as ModuleProblem {
            throw EvaluationError(problem.message, hint: problem.hint)
        }
    }
}
