import CBrambleSandbox
import Glibc

/// The filter of system calls, compiled: the same for every command.
struct SystemCallFilter: Sendable {
    let instructions: [sock_filter]

    /// Some 300 instructions are needed today; the kernel takes 4,096.
    private static let capacity = 4096

    /// Costs about a millisecond.
    init() throws(SandboxError) {
        var number: Int32 = 0
        instructions = Array(unsafeUninitializedCapacity: SystemCallFilter.capacity) {
            buffer, count in
            count = Int(bramble_sandbox_filter(buffer.baseAddress, buffer.count))
            number = errno
        }
        if instructions.isEmpty {
            throw SandboxError(call: "compiling the filter of system calls", number: number)
        }
    }
}
