/// What a command must not depend on, and what it is in one of its runs. That two runs under
/// different variations yield the same is a sign that it doesn't.
package struct SandboxVariation: Hashable, Sendable {
    /// How many processors it may use; nil for as many as the caller.
    package var processors: Int?
    /// The number of the user that it runs as, and of that one's group.
    package var userNumber: Int
    /// How many process numbers are used up before it starts.
    package var skippedProcesses: Int

    package init(processors: Int?, userNumber: Int, skippedProcesses: Int) {
        self.processors = processors
        self.userNumber = userNumber
        self.skippedProcesses = skippedProcesses
    }

    /// How commands are run as a rule.
    package static let usual = SandboxVariation(
        processors: nil, userNumber: SandboxCommand.userNumber, skippedProcesses: 0)

    /// Another one for each number from 1: one processor, another user, other process numbers.
    package static func changed(_ number: Int) -> SandboxVariation {
        SandboxVariation(
            processors: 1, userNumber: SandboxCommand.userNumber + number,
            skippedProcesses: 13 * number)
    }
}
