import BrambleBuild
import BrambleSandbox
import BrambleStore
import Glibc

/// The sandbox helper: `bramble` as the command of an action, on a worker that runs it in a working directory
/// (docs/remote.md). It makes the sandbox that builders have everywhere, and runs the builder in it.
package enum ActionHelper {
    /// The one argument by which `bramble` is the helper; no command has that name.
    package static let argument = "run-remote-action"

    /// What env(1) ends with if it cannot run what it should.
    private static let failureStatus: Int32 = 125

    /// - Parameter folder: The working directory of the action, an absolute path.
    /// - Returns: The status to end with: the builder's, or 128 and the signal that ended it.
    package static func run(in folder: String) async -> Int32 {
        let room = ActionRoom(folder: folder)
        let report = await report(of: room)
        do throws(StoreError) {
            try room.write(report)
        } catch {
            say(error.message)
            return failureStatus
        }
        if let message = report.message { say(message) }
        return switch report.ending {
        case .exited: Int32(truncatingIfNeeded: report.status)
        case .signalled: 128 + Int32(truncatingIfNeeded: report.status)
        case .failed: failureStatus
        }
    }

    private static func report(of room: ActionRoom) async -> HelperReport {
        do {
            // It forks, so it comes first.
            let launcher = try SandboxLauncher()
            let order = try room.order()
            try room.complete(order)
            let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
            defer { close(input) }
            let result = try await launcher.run(
                room.command(order),
                .descriptors(input: input, output: STDOUT_FILENO, error: STDERR_FILENO))
            return try report(of: result, room, order)
        } catch let error as SandboxError {
            return failure(error.message, hint: error.hint)
        } catch let error as StoreError {
            return failure(error.message, hint: nil)
        } catch {
            return failure("\(error)", hint: nil)
        }
    }

    private static func report(
        of result: SandboxResult, _ room: ActionRoom, _ order: HelperOrder
    ) throws(StoreError) -> HelperReport {
        switch result.ending {
        case .exited(let status):
            var report = HelperReport(ending: .exited, status: Int(status))
            guard status == 0 else { return report }
            for output in order.outputs {
                report.remainders[output.name] = try room.collect(output)
            }
            return report
        case .signalled(let signal):
            return HelperReport(ending: .signalled, status: Int(signal))
        case .stopped(let reason):
            return failure("the builder was stopped: \(reason.rawValue)", hint: nil)
        }
    }

    private static func failure(_ message: String, hint: String?) -> HelperReport {
        HelperReport(ending: .failed, status: 0, message: message, hint: hint)
    }

    private static func say(_ message: String) {
        let text = Array("bramble: \(message)\n".utf8)
        // Nobody is left to be told.
        _ = text.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
