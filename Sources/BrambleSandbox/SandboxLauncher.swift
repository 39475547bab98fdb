import CBrambleSandbox
import Glibc
import Synchronization

/// Starts commands in sandboxes: the one launch path of builds, runs, tests and shells.
///
/// Make it early. It forks off a small process that all sandboxes are cloned from, and each clone costs by
/// what this process had in memory at that moment: see `bramble_launcher`. When the launcher or the process that made it
/// ends, in whatever way, all its sandboxes end.
package final class SandboxLauncher: Sendable {
    /// How many commands may run at once; more wait.
    package static let slotCount = 128
    /// 1 MiB: room for some 5,000 mounts. It takes memory only as far as it is used.
    private static let slotBytes = 1 << 20

    let filter: SystemCallFilter
    let process: pid_t
    /// The way to the launcher, which answers one thread at a time.
    private let channel: Mutex<Int32>
    private let slots: SlotPool
    /// What most commands begin with, so that the launcher can prepare the next sandbox while a command runs. Nobody
    /// writes to it after `init`.
    private nonisolated(unsafe) let common: UnsafePointer<bramble_sandbox_command>
    private static let commonCommand = SandboxCommand(
        program: "/", arguments: [], environment: [:], directory: "/", mounts: [],
        sharesNetwork: false, limits: SandboxLimits())
    private let commonPlan: RootPlan

    /// - Throws: `SandboxError` if there is no memory, process or descriptor for it.
    package init() throws(SandboxError) {
        filter = try SystemCallFilter()
        commonPlan = try RootPlan(mounts: [], host: { _ in nil })
        var launcher = bramble_launcher()
        // One slot more, for what is common.
        let bytes = (SandboxLauncher.slotCount + 1) * SandboxLauncher.slotBytes
        guard bramble_launcher_start(&launcher, bytes) == 0 else {
            throw SandboxError(call: "starting the launcher", number: errno)
        }
        slots = SlotPool(
            base: UInt(bitPattern: launcher.memory), count: SandboxLauncher.slotCount)
        process = launcher.pid
        channel = Mutex(launcher.channel)
        var memory = SandboxLauncher.memory(
            UInt(bitPattern: launcher.memory), slot: SandboxLauncher.slotCount)
        let common = try memory.write(
            SandboxLauncher.commonCommand, plan: commonPlan, filter: filter)
        common.pointee.common = UnsafePointer(common)
        self.common = UnsafePointer(common)
    }

    deinit {
        channel.withLock { _ = close($0) }
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
        munmap(
            UnsafeMutableRawPointer(bitPattern: slots.base),
            (SandboxLauncher.slotCount + 1) * SandboxLauncher.slotBytes)
    }

    /// Has the launcher prepare a sandbox, for a command that comes soon. It goes on by itself with what it is asked for again and
    /// again; this is for the first.
    package func prepare() {
        // A launcher that is gone is told of by whoever wants to run something.
        channel.withLock { _ = bramble_launcher_prepare($0, common) }
    }

    /// Runs a command and waits until nothing of it runs any more, on a thread of its own. Cancelling the task
    /// kills the command.
    ///
    /// - Throws: `SandboxError` if the command could not be started.
    package func run(
        _ command: SandboxCommand, _ standardIO: SandboxStandardIO
    ) async throws(SandboxError) -> SandboxResult {
        try await run(command, plan: try plan(command), standardIO)
    }

    /// The same on the caller's thread, which must be one of those that may block: without the cost of another one.
    package func runOnThisThread(
        _ command: SandboxCommand, _ standardIO: SandboxStandardIO
    ) async throws(SandboxError) -> SandboxResult {
        let run = SandboxRun(launcher: self, command: command, plan: try plan(command))
        let cancellation = try Cancellation()
        let outcome = await withTaskCancellationHandler {
            Result { () throws(SandboxError) in try run.perform(standardIO, cancellation) }
        } onCancel: {
            cancellation.cancel()
        }
        return try outcome.get()
    }

    private func plan(_ command: SandboxCommand) throws(SandboxError) -> RootPlan {
        try command.checkLimits()
        return try RootPlan(
            mounts: command.mounts, userNumber: command.variation.userNumber,
            rootFolder: command.rootFolder, host: RootPlan.hostItem)
    }

    /// The same with a root that was planned before.
    func run(
        _ command: SandboxCommand, plan: RootPlan, _ standardIO: SandboxStandardIO
    ) async throws(SandboxError) -> SandboxResult {
        let cancellation = try Cancellation()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                do throws(SandboxError) {
                    try DedicatedThread.start {
                        let outcome = Result { () throws(SandboxError) in
                            try SandboxRun(launcher: self, command: command, plan: plan)
                                .perform(standardIO, cancellation)
                        }
                        continuation.resume(returning: outcome)
                    }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try outcome.get()
    }

    /// Takes memory for one launch, until it is given back. Waits until there is some.
    func takeSlot() -> Int { slots.take() }

    func giveBack(slot: Int) { slots.give(slot) }

    /// The memory of a slot that was taken.
    func memory(ofSlot slot: Int) -> CommandMemory {
        SandboxLauncher.memory(slots.base, slot: slot)
    }

    private static func memory(_ base: UInt, slot: Int) -> CommandMemory {
        // The slot lies within the mapping.
        guard
            let base = UnsafeMutableRawPointer(
                bitPattern: base + UInt(slot * SandboxLauncher.slotBytes))
        else { preconditionFailure("a mapping is never at zero") }
        return CommandMemory(base: base, capacity: SandboxLauncher.slotBytes)
    }

    /// What a command begins with, if that is what most do.
    func common(
        with command: SandboxCommand, _ plan: RootPlan
    ) -> UnsafePointer<bramble_sandbox_command>? {
        let usual = SandboxLauncher.commonCommand
        let isUsual =
            plan.rootFolder == nil && command.sharesNetwork == usual.sharesNetwork
            && command.limits.scratchBytes == usual.limits.scratchBytes
            && command.variation.userNumber == usual.variation.userNumber
            && plan.steps.starts(with: commonPlan.steps)
        return isUsual ? common : nil
    }

    /// Asks the launcher for a sandbox.
    ///
    /// - Returns: A pidfd of pid 1; or where it failed, with the error number.
    func launch(
        _ command: UnsafePointer<bramble_sandbox_command>, status: borrowing Descriptor
    ) -> (stage: bramble_stage, number: Int32, pidfd: Int32) {
        let status = status.number
        return channel.withLock { channel in
            var pidfd: Int32 = -1
            let stage = bramble_launcher_launch(channel, command, status, &pidfd)
            return (stage, errno, pidfd)
        }
    }
}

/// Numbers of free slots. Whoever finds none blocks its thread, which is one of our own.
private final class SlotPool: Sendable {
    let base: UInt
    private let free: Mutex<[Int]>
    /// Counts the free slots. A semaphore must not move, so it has memory of its own; POSIX makes it safe
    /// to use from any thread.
    nonisolated(unsafe) private let count: UnsafeMutablePointer<sem_t>

    init(base: UInt, count number: Int) {
        self.base = base
        free = Mutex(Array((0..<number).reversed()))
        count = .allocate(capacity: 1)
        count.initialize(to: sem_t())
        sem_init(count, 0, UInt32(number))
    }

    deinit {
        sem_destroy(count)
        count.deallocate()
    }

    func take() -> Int {
        while sem_wait(count) < 0 {}
        return free.withLock { slots in
            guard let slot = slots.popLast() else {
                preconditionFailure("the semaphore counts the free slots")
            }
            return slot
        }
    }

    func give(_ slot: Int) {
        free.withLock { $0.append(slot) }
        sem_post(count)
    }
}
