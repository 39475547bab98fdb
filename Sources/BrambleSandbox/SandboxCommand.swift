/// One command and the whole world that it will see. What is not said here does not exist for it.
package struct SandboxCommand: Sendable {
    /// The program's absolute path inside the sandbox.
    package var program: String
    /// Behind the program's name, which is its path.
    package var arguments: [String]
    /// The whole environment.
    package var environment: [String: String]
    /// The absolute path inside the sandbox where it starts.
    package var directory: String
    /// What there is besides the fixed parts: see `SandboxMount`.
    package var mounts: [SandboxMount]
    /// Whether it shares the host's network rather than having an empty one with a loopback interface.
    package var sharesNetwork: Bool
    package var limits: SandboxLimits
    /// The host's folder, as an absolute path, that is its root and that it may write to; nil for an empty root
    /// that it may not write to. Mounts are made within it, and nothing may be where one is to be; of the
    /// fixed parts there are `/proc` and `/dev` only. Nobody else may write to it meanwhile.
    package var rootFolder: String?
    /// What may differ from run to run.
    package var variation = SandboxVariation.usual

    package init(
        program: String, arguments: [String], environment: [String: String], directory: String,
        mounts: [SandboxMount], sharesNetwork: Bool, limits: SandboxLimits
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.mounts = mounts
        self.sharesNetwork = sharesNetwork
        self.limits = limits
    }

    /// The host's name, and as a rule the user's number and group inside of every sandbox: the same everywhere, so
    /// that a program which writes them down writes the same.
    package static let hostName = "bramble"
    package static let userNumber = 1000
    package static let userName = "bramble"
}
