/// Where a command's standard input, output and error are.
package enum SandboxStandardIO: Sendable {
    /// Input is empty; output and error go, in their order and as clean lines, to the closure, which is called on
    /// the thread of the run. As long as it doesn't return, the command may have to wait.
    case log(line: @Sendable (String) -> Void)
    /// As `log`, but the command sees a terminal of 80 columns, so that it writes each line at once.
    case terminalLog(line: @Sendable (String) -> Void)
    /// The caller's own.
    case inherited
    /// Descriptors that the caller keeps open until the run has ended.
    case descriptors(input: Int32, output: Int32, error: Int32)
    /// A terminal that controls the command's session: the command's end of a pseudo terminal, of which the caller
    /// keeps the other.
    case terminal(Int32)
}
