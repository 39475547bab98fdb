package import BrambleBuild
package import BrambleModel
import BrambleREAPI
package import BrambleStore

/// Runs builders on an engine of the Remote Execution API. What they leave is fetched, and registered as
/// what this machine builds is: so the names are the same.
///
/// The engine has to make an action's input root the root of its file system, as buildbox does: the
/// paths of the store are absolute. Where it runs actions in a working directory, a helper makes that root.
package final class RemoteExecutor: Executor {
    private let remote: RemoteStore
    private let store: LocalStore
    private let inputs: InputUpload
    private let platform: [String: String]
    /// nil where the input root is the root.
    private let helper: HelperExecutable?
    private let remainders = RemainderMemory()

    /// How often inputs are brought anew, for an engine that loses them.
    private static let maximumUploads = 3
    /// How often an action is run, for an engine that loses what has come of it.
    private static let maximumRuns = 3

    /// - Parameters:
    ///   - platform: Properties that workers must have.
    ///   - helper: What makes sandboxes on workers that run actions in a working directory; nil for those whose root is
    ///     the input root.
    package init(
        _ remote: RemoteStore, _ store: LocalStore, platform: [String: String],
        helper: HelperExecutable? = nil
    ) {
        self.helper = helper
        self.remote = remote
        self.store = store
        self.platform = platform
        inputs = InputUpload(store, remote)
    }

    package var means: BuildEvent.Means { .remote }

    package func run(
        _ job: BuildJob, in folder: String, line: @escaping @Sendable (String) -> Void
    ) async throws -> Execution {
        let start = ContinuousClock.now
        do {
            let directories = try await outputs(of: job, in: folder, line)
            return Execution(directories: directories, duration: .now - start)
        } catch let error as StoreError {
            // The library reports a cancellation by failures of its own.
            try Task.checkCancellation()
            throw BuildFailure(error, building: job.resolved.name)
        }
    }

    // MARK: Running

    /// Runs an action, and runs it anew if the engine has not got what it says has come of it: it may
    /// have known a result whose contents it dropped.
    ///
    /// - Throws: `StoreError`, `BuildFailure`.
    private func outputs(
        of job: BuildJob, in folder: String, _ line: @escaping @Sendable (String) -> Void
    ) async throws -> [OutputName: String] {
        var runs = 1
        while true {
            let (plan, result) = try await result(of: job, isFresh: job.isFresh || runs > 1)
            do {
                let report = try await report(of: result, plan)
                if let failure = RemoteExecutor.failure(of: result, report, job) {
                    await readLog(of: result, job, line)
                    throw failure
                }
                let directories = try await fetch(result, plan, report, job, in: folder)
                await readLog(of: result, job, line)
                return directories
            } catch let error as StoreError {
                guard [.notFound, .corrupt, .malformed].contains(error.code) else { throw error }
                guard runs < RemoteExecutor.maximumRuns else {
                    throw StoreError(.unreachable, error.message)
                }
                WorkFolders.remove(folder + "/outputs")
            }
            runs += 1
        }
    }

    /// What was printed is no reason to run it again.
    private func readLog(
        of result: ActionResultMessage, _ job: BuildJob,
        _ line: @escaping @Sendable (String) -> Void
    ) async {
        do throws(StoreError) {
            try await RemoteLog(remote: remote, limitBytes: job.limits.logBytes).read(result, line)
        } catch {
            line("(the rest of the log is lost: \(error.message))")
        }
    }

    /// - Throws: `StoreError`, `BuildFailure`.
    private func result(
        of job: BuildJob, isFresh: Bool
    ) async throws -> (ActionPlan, ActionResultMessage) {
        var uploads = 1
        while true {
            let plan = try await upload(job)
            if !isFresh, let known = await knownResult(of: plan) { return (plan, known) }
            do throws(RemoteError) {
                let result = try await RemoteExecution(connection: remote.connection).run(
                    plan.action, isFresh: isFresh, timeout: job.limits.timeout)
                return (plan, result)
            } catch {
                // What engines say when contents are missing: each something else.
                let mayBeLost = [.precondition, .notFound, .failed].contains(error.code)
                guard mayBeLost, uploads < RemoteExecutor.maximumUploads else {
                    throw RemoteExecutor.failure(error, job)
                }
                inputs.forget()
                uploads += 1
            }
        }
    }

    /// What an engine knows of an action that does not look for it itself.
    private func knownResult(of plan: ActionPlan) async -> ActionResultMessage? {
        guard !remote.cas.capabilities.looksUpResults else { return nil }
        // Without an answer the action is run.
        let known = try? await RemoteActionCache(connection: remote.connection).find(plan.action)
        return known?.exitCode == 0 ? known : nil
    }

    private static func failure(_ error: RemoteError, _ job: BuildJob) -> any Error {
        switch error.code {
        case .timeout where job.limits.timeout != nil:
            BuildFailure(
                .limit, "cannot build `\(job.resolved.name)`: it ran longer than it may",
                hint: "`--timeout` sets the limit")
        case .local: StoreError(error)
        case .forbidden: StoreError(.forbidden, error.message)
        default: StoreError(.unreachable, error.message)
        }
    }

    private func upload(_ job: BuildJob) async throws(StoreError) -> ActionPlan {
        let objects = job.closure + (job.sources.map { [$0] } ?? [])
        let trees = try await inputs.objects(objects)
        let sources = job.sources.flatMap { trees[$0] }
        guard let helper else {
            let plan = try ActionPlan(job, trees: trees, sources: sources, platform: platform)
            try await inputs.contents(plan.contents)
            return plan
        }
        let plan = try ActionPlan(
            job, trees: trees, sources: sources, helper: helper, remainders: remainders,
            platform: platform)
        if let content = helper.content { try await inputs.file(content) }
        try await inputs.contents(plan.contents)
        return plan
    }

    // MARK: Outputs

    /// How the builder ended, where a helper says so.
    ///
    /// - Throws: `unreachable` if it says nothing: it did not run.
    private func report(
        of result: ActionResultMessage, _ plan: ActionPlan
    ) async throws(StoreError) -> HelperReport? {
        guard let path = plan.reportPath else { return nil }
        guard let file = result.outputFiles.first(where: { $0.path == path }),
            let digest = Digest(file.digest)
        else {
            throw StoreError(
                .unreachable,
                "the engine could not run the sandbox helper (status \(result.exitCode))")
        }
        let bytes = try await remote.readBlob(digest)
        guard let report = try? CanonicalJSON.decode(HelperReport.self, from: bytes),
            report.schema == HelperReport.schema
        else { throw StoreError(.malformed, "the report of the sandbox helper makes no sense") }
        return report
    }

    private static func failure(
        of result: ActionResultMessage, _ report: HelperReport?, _ job: BuildJob
    ) -> BuildFailure? {
        guard let report else {
            return result.exitCode == 0
                ? nil : BuildFailure(job, endedWith: Int(result.exitCode))
        }
        switch report.ending {
        case .exited:
            return report.status == 0 ? nil : BuildFailure(job, endedWith: report.status)
        case .signalled: return BuildFailure(job, endedBySignal: report.status)
        case .failed:
            return BuildFailure(
                .remote,
                "cannot build `\(job.resolved.name)`: the worker cannot make a sandbox: "
                    + (report.message ?? ""), hint: report.hint)
        }
    }

    private func fetch(
        _ result: ActionResultMessage, _ plan: ActionPlan, _ report: HelperReport?, _ job: BuildJob,
        in folder: String
    ) async throws(StoreError) -> [OutputName: String] {
        var trees: [OutputName: Digest] = [:]
        for directory in result.outputDirectories {
            // Anything else than what was asked for is not looked at.
            guard let output = plan.outputPaths[directory.path] else { continue }
            trees[output] = Digest(directory.treeDigest)
        }
        var directories: [OutputName: String] = [:]
        try OutputDownload.makeDirectory(folder + "/outputs")
        for output in job.outputs {
            guard let tree = trees[output] else {
                throw StoreError(
                    .unsupported, "its output `\(output)` is no directory any more")
            }
            let path = "\(folder)/outputs/\(output)"
            try await OutputDownload(remote: remote).make(
                tree, at: path, limitBytes: job.limits.outputBytes,
                with: report?.remainders["\(output)"])
            directories[output] = path
        }
        return directories
    }
}
