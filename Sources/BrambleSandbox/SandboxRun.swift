import CBrambleSandbox
import Glibc

/// One run of a command, from its launch until nothing of it is left. Blocks its thread.
struct SandboxRun {
    let launcher: SandboxLauncher
    let command: SandboxCommand
    let plan: RootPlan

    func perform(
        _ standardIO: SandboxStandardIO, _ cancellation: Cancellation
    ) throws(SandboxError) -> SandboxResult {
        let start = ContinuousClock.now
        var channels = try CommandStandardIO.open(standardIO)
        var status = try Descriptor.pipe()
        let slot = launcher.takeSlot()
        // Pid 1 may read it until it has started the command, and nothing tells when that was.
        defer { launcher.giveBack(slot: slot) }
        let process = try launch(channels, status.writing, launcher.memory(ofSlot: slot))
        channels.closeCommandEnds()
        status.writing.close()
        let watch = SandboxWatch(
            process: process.number, log: channels.log, cancellation: cancellation.descriptor,
            plan: plan, limits: command.limits, start: start)
        let reason = watch.wait(line: channels.line)
        return try result(wallTime: .now - start, reason: reason, status: status.reading)
    }

    private func launch(
        _ channels: borrowing CommandStandardIO, _ status: borrowing Descriptor,
        _ memory: consuming CommandMemory
    ) throws(SandboxError) -> Descriptor {
        let native = try memory.write(command, plan: plan, filter: launcher.filter)
        native.pointee.controls_terminal = channels.controlsTerminal ? 1 : 0
        (native.pointee.input, native.pointee.output, native.pointee.error) = (
            channels.input, channels.output, channels.error
        )
        native.pointee.common = launcher.common(with: command, plan)
        let outcome = launcher.launch(native, status: status)
        guard outcome.stage == BRAMBLE_STAGE_NONE else {
            throw SandboxError(
                stage: outcome.stage, number: outcome.number, command: command, step: nil)
        }
        return Descriptor(owning: outcome.pidfd)
    }

    /// What pid 1 said, and what we know.
    private func result(
        wallTime: Duration, reason: SandboxResult.StopReason?, status: borrowing Descriptor
    ) throws(SandboxError) -> SandboxResult {
        var record = bramble_sandbox_record()
        let size = MemoryLayout<bramble_sandbox_record>.size
        let count = read(status.number, &record, size)
        guard count == size else {
            return SandboxResult(
                ending: .stopped(reason ?? .killedFromOutside), wallTime: wallTime, usage: nil)
        }
        let stage = bramble_stage(rawValue: UInt32(record.stage))
        if stage != BRAMBLE_STAGE_NONE {
            let step = stage == BRAMBLE_STAGE_STEP ? plan.steps[Int(record.index)] : nil
            throw SandboxError(stage: stage, number: record.error, command: command, step: step)
        }
        // It may have ended by itself just when it was to be stopped: the reason is what counts.
        let signal = record.status & 0x7f
        let own: SandboxResult.Ending =
            signal == 0 ? .exited(status: (record.status >> 8) & 0xff) : .signalled(signal)
        return SandboxResult(
            ending: reason.map { .stopped($0) } ?? own, wallTime: wallTime,
            usage: ResourceUsage(record.usage))
    }
}

extension RootPlan {
    /// What the host really has at a path.
    static func hostItem(_ path: String) -> HostItem? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .other
    }
}

extension ResourceUsage {
    init(_ usage: rusage) {
        userTime = Duration(usage.ru_utime)
        systemTime = Duration(usage.ru_stime)
        peakMemoryBytes = usage.ru_maxrss * 1024
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }
}
