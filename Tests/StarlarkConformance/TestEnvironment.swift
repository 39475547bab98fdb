import SourceDiagnostics
import Starlark

/// The predeclared names and the modules that test files may use.
struct TestEnvironment: Sendable {
    let functions: TestFunctions

    init(_ functions: TestFunctions) { self.functions = functions }

    func predeclared(_ rules: SuiteRules) throws -> Environment {
        var environment = Environment()
        environment.defineStruct()
        for name in rules.predeclared { environment.define(functions.placeholder(name)) }
        switch rules.assertions {
        case .predeclaredModule:
            environment.defineModule("assert", functions.moduleMembers)
            environment.define(functions.freeze)
            environment.defineJSON()
            environment.defineMath()
        case .loadedModule:
            environment.define(FieldRecord.constructor)
            environment.define(StructureSymbol.gensym)
            try environment.define("fibonacci", FibonacciNumbers())
        case .functions:
            for builtin in functions.plainAssertions { environment.define(builtin) }
            environment.define(functions.freeze)
            environment.define(functions.slowMultiplication)
            environment.define(MutableStructure.constructor)
            environment.defineJSON()
            // The suite's own question, which we answer as we should.
            try environment.define("_utf8_byte_strings", true)
        }
        return environment
    }

    /// The modules that can be loaded.
    func load(_ name: String) throws -> Module {
        var environment = Environment()
        switch name {
        case "assert.star":
            environment.defineModule("assert", functions.moduleMembers)
            environment.define(functions.freeze)
        case "json.star": environment.defineJSON()
        case "math.star": environment.defineMath()
        case "helper.star": break
        default: throw UnknownModule(name: name)
        }
        return try run(name, environment)
    }

    private struct UnknownModule: Error, CustomStringConvertible {
        let name: String
        var description: String { "there is no module \(name)" }
    }

    /// What the README of our suite promises.
    private static let helper = """
        one = 1
        items = [1, 2]
        def twice(x): return x * 2
        _private = 3
        """

    private func run(_ name: String, _ environment: Environment) throws -> Module {
        // Where globals may be reassigned, a name on the right still means the predeclared one.
        var dialect = Dialect.standard
        dialect.allowsGlobalReassignment = true
        let text =
            name == "helper.star"
            ? TestEnvironment.helper
            : environment.names.map { "\($0) = \($0)" }.joined(separator: "\n")
        let program = try Program.compile(
            SourceFile(name: name, text: text), dialect: dialect, predeclared: environment.names)
        return try Evaluator().run(program, environment: environment)
    }
}
