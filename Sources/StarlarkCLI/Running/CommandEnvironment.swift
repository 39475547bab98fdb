import Starlark

/// The names that the command predeclares.
enum CommandEnvironment {
    /// - Parameter arguments: What `argv` holds.
    static func make(arguments: [String]) throws -> Environment {
        var environment = Environment()
        environment.defineStruct()
        environment.defineModule()
        environment.defineJSON()
        environment.defineMath()
        try environment.define("argv", arguments)
        return environment
    }
}
