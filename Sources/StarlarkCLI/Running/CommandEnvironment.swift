import Starlark

/// The names that the command predeclares.
enum CommandEnvironment {
    static func make(arguments: [String]) -> Environment {
        var environment = Environment()
        environment.defineStruct()
        environment.defineModule()
        environment.defineJSON()
        environment.defineMath()
        return environment
    }
}
