import StarlarkConsole

/// Where the process begins.
@main enum StarlarkMain {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let plain = plainConfiguration(arguments)
        CommandSession(plain ?? StarlarkCommand.configuration(arguments)).run().leave()
    }

    /// What `starlark FILE` and `starlark --check FILE` ask for; nil for anything else.
    ///
    /// These two are what build tools and editors run by the thousand. The argument parser takes
    /// longer to set up than a small file takes to run, so that they go without.
    private static func plainConfiguration(_ arguments: [String]) -> CommandConfiguration? {
        guard let path = arguments.last, !path.isEmpty, !path.utf8.starts(with: "-".utf8) else {
            return nil
        }
        var configuration = CommandConfiguration(input: .file(path))
        switch arguments.count {
        case 1: return configuration
        case 2 where arguments[0] == "--check":
            configuration.onlyChecks = true
            return configuration
        default: return nil
        }
    }
}
