import BrambleModel
import FoundationEssentials
import Synchronization
import Testing

@testable import BrambleBuild

/// Builds in this process: what a builder does is a closure. It notes what it ran.
final class FakeExecutor: Executor {
    /// One run of a builder.
    struct Run: Sendable {
        let job: BuildJob
        /// The directories of its outputs.
        let directories: [OutputName: String]
        let line: @Sendable (String) -> Void

        var name: String { job.resolved.name.description }

        /// Writes a file of an output.
        func write(_ text: String, to path: String, in output: String = "out") throws {
            let directory = directories[try OutputName(output)] ?? ""
            try Data(text.utf8).write(to: URL(filePath: directory + "/" + path))
        }
    }

    var means: BuildEvent.Means { .sandbox }

    typealias Body = @Sendable (Run) async throws -> Void

    private struct State {
        var names: [String] = []
        var running = 0
        var maximumRunning = 0
    }

    private let body: Body
    private let state = Mutex(State())

    init(_ body: @escaping Body = FakeExecutor.writesArguments) {
        self.body = body
    }

    /// The derivations it ran, in the order in which they began, since it was asked last.
    func takeNames() -> [String] {
        state.withLock { state in
            defer { state.names = [] }
            return state.names
        }
    }

    var maximumRunning: Int { state.withLock { $0.maximumRunning } }

    /// Writes the arguments, a line each, to `content` of each output.
    static let writesArguments: Body = { run in
        for output in run.job.outputs {
            try run.write(
                run.job.resolved.args.map { $0 + "\n" }.joined(), to: "content",
                in: output.description)
        }
    }

    /// As a builder that ended with status 1.
    static func failure(_ run: Run) -> BuildFailure {
        BuildFailure(.builder, "cannot build `\(run.name)`: it was told to fail", status: 1)
    }

    func run(
        _ job: BuildJob, in folder: String, line: @escaping @Sendable (String) -> Void
    ) async throws -> Execution {
        state.withLock { state in
            state.names.append(job.resolved.name.description)
            state.running += 1
            state.maximumRunning = max(state.maximumRunning, state.running)
        }
        defer { state.withLock { $0.running -= 1 } }
        var directories: [OutputName: String] = [:]
        for output in job.outputs {
            // Where a real executor puts them: folders are used again, emptied there.
            let path = "\(folder)/outputs/\(output)"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            directories[output] = path
        }
        do {
            try await body(Run(job: job, directories: directories, line: line))
        } catch let error where !(error is BuildFailure || error is CancellationError) {
            // An executor throws nothing else: it is the test that has failed.
            Issue.record(error)
            throw BuildFailure(.builder, "\(error)")
        }
        return Execution(directories: directories, duration: .milliseconds(7))
    }
}
