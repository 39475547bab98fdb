package import BrambleBuild
package import BrambleModel
import BrambleREAPI
package import BrambleStore

/// Runs builders on an engine of the Remote Execution API. What they leave is fetched, and registered as
/// what this machine builds is: so the names are the same.
///
/// The engine has to make an action's input root the root of its file system, as buildbox does: the
/// paths of the store are absolute.
package final class RemoteExecutor: Executor {
    private let remote: RemoteStore
    private let store: LocalStore
    private let inputs: InputUpload
    private let platform: [String: String]

    /// How often inputs are brought anew, for an engine that loses them.
    private static let maximumUploads = 3

    /// - Parameter platform: Properties that workers must have.
    package init(_ remote: RemoteStore, _ store: LocalStore, platform: [String: String]) {
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
            let (plan, result) = try await result(of: job)
            try await RemoteLog(remote: remote, limitBytes: job.limits.logBytes).read(result, line)
            guard result.exitCode == 0 else {
                throw BuildFailure(job, endedWith: Int(result.exitCode))
            }
            let directories = try await fetch(result, plan, job, in: folder)
            return Execution(directories: directories, duration: .now - start)
        } catch let error as StoreError {
            // The library reports a cancellation by failures of its own.
            try Task.checkCancellation()
            throw BuildFailure(error, building: job.resolved.name)
        }
    }

    // MARK: Running

    /// - Throws: `StoreError`, `BuildFailure`.
    private func result(of job: BuildJob) async throws -> (ActionPlan, ActionResultMessage) {
        var uploads = 1
        while true {
            let plan = try await upload(job)
            do throws(RemoteError) {
                let result = try await RemoteExecution(connection: remote.connection).run(
                    plan.action, isFresh: job.isFresh, timeout: job.limits.timeout)
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
        let plan = try ActionPlan(
            job, trees: trees, sources: job.sources.flatMap { trees[$0] }, platform: platform)
        try await inputs.contents(plan.contents)
        return plan
    }

    // MARK: Outputs

    private func fetch(
        _ result: ActionResultMessage, _ plan: ActionPlan, _ job: BuildJob, in folder: String
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
                tree, at: path, limitBytes: job.limits.outputBytes)
            directories[output] = path
        }
        return directories
    }
}
