package import BrambleModel
package import BrambleSandbox
package import BrambleStore

/// Runs builders in sandboxes of this machine.
package struct LocalExecutor: Executor {
    let launcher: SandboxLauncher
    let store: LocalStore
    /// What builders are told to use.
    let processors: Int
    /// Whether whoever calls it does so on threads that may block, as builds do.
    let mayBlock: Bool

    package var means: BuildEvent.Means { .sandbox }

    package init(
        _ launcher: SandboxLauncher, _ store: LocalStore, processors: Int, mayBlock: Bool = false
    ) {
        self.mayBlock = mayBlock
        self.launcher = launcher
        self.store = store
        self.processors = processors
    }

    package func run(
        _ job: BuildJob, in folder: String, line: @escaping @Sendable (String) -> Void
    ) async throws -> Execution {
        let room: BuildFolder
        do throws(StoreError) {
            room = try BuildFolder(
                in: folder, outputs: job.outputs, sources: job.sources, base: job.resolved.base,
                store: store)
        } catch {
            throw BuildFailure(error, building: job.resolved.name)
        }
        let command = try command(job, room)
        let result: SandboxResult
        do throws(SandboxError) {
            let log = SandboxStandardIO.log(line: line)
            if mayBlock {
                result = try await launcher.runOnThisThread(command, log)
            } else {
                result = try await launcher.run(command, log)
            }
        } catch {
            throw BuildFailure(error, building: job.resolved.name)
        }
        if let failure = try BuildFailure(result, job) { throw failure }
        return Execution(
            directories: Dictionary(
                uniqueKeysWithValues: job.outputs.map { ($0, room.path(of: $0)) }),
            duration: result.wallTime)
    }

    private func command(_ job: BuildJob, _ room: BuildFolder) throws -> SandboxCommand {
        let world = BuildWorld(
            resolved: job.resolved, outputs: job.outputs, closure: job.closure,
            diskPath: store.diskPath(of:))
        guard let program = job.command.first else {
            throw BuildFailure(
                .builder, "cannot build `\(job.resolved.name)`: it has no program",
                hint: "the first argument of a `derivation_output` is its program")
        }
        var command = SandboxCommand(
            program: world.program(program), arguments: Array(job.command.dropFirst()),
            environment: world.environment(processors: job.variation.processors ?? processors),
            directory: world.startDirectory, mounts: world.mounts(room), sharesNetwork: false,
            limits: SandboxLimits(job.limits))
        command.variation = job.variation
        return command
    }
}

extension SandboxLimits {
    init(_ limits: BuildLimits) {
        self.init()
        timeout = limits.timeout
        silence = limits.maximumSilence
        memoryBytes = limits.memoryBytes
        outputBytes = limits.outputBytes
        logBytes = limits.logBytes
    }
}
