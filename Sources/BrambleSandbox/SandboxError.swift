import CBrambleSandbox
import Glibc

/// Why there is no sandbox. There never is a fallback.
package struct SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The kernel, or who set it up, doesn't allow what a sandbox needs.
        case unavailable
        /// The command's description contradicts itself, or is too large.
        case invalidCommand = "invalid_command"
        /// A mount could not be made, most likely as its source is not there.
        case mount
        /// The program or its working directory cannot be used.
        case program
        /// The launcher is gone, or we are out of descriptors, memory, threads.
        case resources
    }

    package var code: Code
    /// What failed and why, without a full stop.
    package var message: String
    /// What to do about it.
    package var hint: String?
    /// The error number of the system call, if it was one.
    package var number: Int32?

    package var description: String { hint.map { message + "\n" + $0 } ?? message }

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// A failed system call of ours.
    init(call: String, number: Int32) {
        code = .resources
        message = "cannot start sandbox: \(call): \(errorText(number))"
        self.number = number
    }
}

/// The text of an error number.
func errorText(_ number: Int32) -> String {
    String(cString: strerror(number))
}

extension SandboxError {
    /// A failure before or in the sandbox.
    ///
    /// - Parameter step: The step that failed, if it was one of the root's.
    init(stage: bramble_stage, number: Int32, command: SandboxCommand, step: RootPlan.Step?) {
        self.number = number
        switch stage {
        case BRAMBLE_STAGE_STEP:
            code = step?.isFromHost == true ? .mount : .unavailable
            let what = step.map { $0.description } ?? "making the root"
            message = "cannot start sandbox: \(what): \(errorText(number))"
        case BRAMBLE_STAGE_EXEC:
            code = .program
            message = "cannot run `\(command.program)`: \(errorText(number))"
            if number == ENOENT {
                hint =
                    "the sandbox holds only what is declared; a missing interpreter or loader "
                    + "of the program gives this error too"
            }
        case BRAMBLE_STAGE_DIRECTORY:
            code = .program
            message = "cannot enter `\(command.directory)`: \(errorText(number))"
        case BRAMBLE_STAGE_LAUNCHER:
            code = .resources
            message = "cannot start sandbox: the launcher does not answer: \(errorText(number))"
        default:
            code = .unavailable
            message = "cannot start sandbox: \(SandboxStage(stage).text): \(errorText(number))"
        }
        if code == .unavailable { hint = SandboxStage(stage).remedy(number: number) }
    }
}
