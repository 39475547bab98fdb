import Bramble
import BrambleRemote
import StarlarkConsole

/// `bramble` as the command of an action, on a worker: see `ActionHelper`.
enum RemoteAction {
    /// Runs in the working directory of the action.
    static func run() -> ExitStatus {
        let console = Console(color: .never, isQuiet: true)
        do throws(BrambleError) {
            let folder = WorkingDirectory.current
            return try console.runTask { _ in
                .program(Int(await ActionHelper.run(in: folder)))
            }
        } catch {
            console.report(error)
            return ExitStatus(error.kind)
        }
    }
}
