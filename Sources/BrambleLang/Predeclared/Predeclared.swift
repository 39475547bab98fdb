import BrambleModel
import Starlark

/// The names that all modules see besides those of the language.
enum Predeclared {
    /// The language of modules: that of the specification, with loads of whole modules.
    static let dialect: Dialect = {
        var dialect = Dialect.standard
        dialect.allowsModuleLoads = true
        return dialect
    }()

    /// The names alone, which modules are compiled with.
    static let names: Set<String> = [
        "derivation", "run", "test", "files", "sys", "assert", "struct", "json",
    ]

    /// The names with their values.
    static func environment(_ options: EvaluationOptions) -> Environment {
        var environment = Environment()
        environment.define(derivation)
        environment.define(run)
        environment.define(test)
        environment.define(files)
        environment.defineStruct()
        environment.defineJSON()
        do {
            try environment.defineModule("sys") { sys in
                try sys.define("os", options.platform.system)
                try sys.define("arch", options.platform.architecture)
                try sys.define("platform", options.platform.description)
                try sys.define("target", options.target.description)
            }
            try environment.defineModule("assert") { module in
                for function in Assertions.all {
                    let member = String(function.name.dropFirst("assert.".count))
                    try module.define(member, function)
                }
            }
        } catch {
            preconditionFailure("texts and functions are values of the language: \(error)")
        }
        return environment
    }
}
