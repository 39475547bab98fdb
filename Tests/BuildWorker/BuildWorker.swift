import BrambleBuild
import BrambleModel
import BrambleSandbox
import BrambleStore
import Glibc

/// Builds a graph without sources in sandboxes, for tests that need a process of their own to kill:
/// `BuildWorker STORE GRAPH JOBS`. A line of its output is a word for what has happened, and the name
/// of a derivation. It exits with 1 if the build fails.
@main enum BuildWorker {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3, let jobs = Int(arguments[2]) else {
            print("BuildWorker STORE GRAPH JOBS")
            exit(2)
        }
        do {
            let launcher = try SandboxLauncher()
            let store = try LocalStore(arguments[0])
            let graph = try DerivationGraph(json: try bytes(of: arguments[1]))
            let outcome = try await build(graph, store, launcher, jobs: jobs)
            exit(outcome.isSuccess ? 0 : 1)
        } catch {
            print("\(error)")
            exit(1)
        }
    }

    // Not on the main thread, which a build does not wait on.
    @concurrent private static func build(
        _ graph: DerivationGraph, _ store: LocalStore, _ launcher: SandboxLauncher, jobs: Int
    ) async throws -> BuildOutcome {
        let input = try BuildInput(graph: graph)
        let folder = try store.newWorkFolder()
        return try await Fetcher.with(.standard, clock: .system, folder: folder) { fetcher in
            let services = BuildServices(
                store: store, executor: LocalExecutor(launcher, store, processors: 1),
                fetcher: fetcher, substituter: nil,
                provideSources: { (_, tree) throws(StoreError) in
                    throw StoreError(.notFound, "there are no sources, and so no `\(tree)`")
                }, report: report)
            return try await Builder(services, BuildOptions(jobs: jobs)).build(input)
        }
    }

    @Sendable private static func report(_ event: BuildEvent) {
        switch event {
        case .started(_, let name, _, _): say("started \(name)")
        case .reused(_, let name): say("reused \(name)")
        case .finished: say("finished")
        case .failed(_, let name, let failure): say("failed \(name): \(failure.message)")
        default: break
        }
    }

    /// A line in one piece, from any thread.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let fileSystem = POSIXFileSystem()
        let descriptor = try fileSystem.open(Place(path), .read)
        defer { fileSystem.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: try fileSystem.status(of: descriptor).sizeBytes)
        let count = try bytes.withUnsafeMutableBytes {
            try fileSystem.read(descriptor, into: $0, at: 0)
        }
        return Array(bytes.prefix(count))
    }
}
