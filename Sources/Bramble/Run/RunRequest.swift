/// How a program is to be run.
public struct RunRequest: Sendable {
    /// One target that stands for one program.
    public var target: String
    /// Behind those that the target itself gives.
    public var arguments: [String] = []
    /// Besides those of the target.
    public var grants = RunGrants()
    /// Variables of the caller's environment that say how to talk to a person.
    public var environment: [String: String] = [:]

    public init(target: String) {
        self.target = target
    }
}
