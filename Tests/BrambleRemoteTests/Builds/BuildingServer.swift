import BrambleModel
import BrambleStore
import FoundationEssentials
import GRPCCore
import Synchronization
import TestKit

@testable import BrambleBuild
@testable import BrambleRemote

/// A server that builds with a builder of the test, and a machine beside it that has it build.
final class BuildingServer: Sendable {
    /// What a builder does: writes an output's files into a directory. It may print lines.
    typealias Script =
        @Sendable (
            _ job: BuildJob, _ output: String, _ line: @escaping @Sendable (String) -> Void
        ) async throws -> Void

    let scratch: ScratchFolder
    /// Of the server.
    let store: LocalStore
    /// Of whoever has it build.
    let clientStore: LocalStore
    let executor: ScriptExecutor
    private let fetching: FetchOptions

    init(files: FileAccess = .below([]), _ script: @escaping Script = BuildingServer.writing) throws
    {
        scratch = try ScratchFolder()
        store = try LocalStore(scratch.path + "/server/store")
        clientStore = try LocalStore(scratch.path + "/client")
        executor = ScriptExecutor(script)
        var options = FetchOptions.standard
        options.files = files
        fetching = options
    }

    /// Writes the arguments and the names of the sources, a line each, to `content`.
    static let writing: Script = { job, output, line in
        line("building \(job.resolved.name)")
        let text = job.resolved.args.map { $0 + "\n" }.joined()
        try Data(text.utf8).write(to: URL(filePath: output + "/content"))
    }

    func host(maximumStoreBytes: Int? = nil) -> BuildHost {
        let (executor, fetching) = (executor, fetching)
        return BuildHost(store: store, maximumStoreBytes: maximumStoreBytes) {
            order, store, provideSources in
            let folder = try store.newWorkFolder()
            return try await Fetcher.with(fetching, clock: .system, folder: folder) { fetcher in
                let services = BuildServices(
                    store: store, executor: executor, fetcher: fetcher, substituter: nil,
                    provideSources: provideSources, report: order.report)
                var options = BuildOptions(jobs: 2)
                options.keepsGoing = order.wishes.keepsGoing
                options.rebuilds = order.wishes.rebuilds
                return try await Builder(services, options).build(order.input)
            }
        }
    }

    /// Runs the server for as long as `body` takes.
    func use(
        tokens: TokenFile? = nil, maximumBytes: Int = 1 << 30,
        _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        var options = RunningServer.options(
            in: scratch.path + "/server", maximumBytes: maximumBytes)
        options.building = host()
        options.tokens = tokens
        try await RunningServer.use(options, body)
    }

    // MARK: - The other machine

    /// What came of a build.
    struct Built: Sendable {
        let outcome: BuildOutcome
        let events: [BuildEvent]
    }

    /// Has the server build, as `bramble build --builder` does.
    func build(
        _ derivations: [Derivation], wanted: [Derivation]? = nil, at server: RunningServer,
        keepsGoing: Bool = false, events: EventList = EventList()
    ) async throws -> Built {
        let trees = try sourceTrees(of: derivations)
        let input = try BuildInput(
            graph: try DerivationGraph(
                derivations, roots: (wanted ?? derivations.suffix(1)).map(\.hash)),
            sources: trees.map { .init(derivation: $0.0, tree: $0.1.tree.root) })
        var wishes = BuildOrder.Wishes()
        wishes.keepsGoing = keepsGoing
        let order = BuildOrder(input, wishes) { events.append($0) }
        let store = clientStore
        let outcome = try await withRemote(server) { remote in
            try await RemoteBuilder(remote, store).build(order, trees.map(\.1))
        }
        return Built(outcome: outcome, events: events.all)
    }

    func withRemote<Result: Sendable>(
        _ server: RunningServer, _ body: (RemoteStore) async throws -> Result
    ) async throws -> Result {
        let endpoint = try RemoteEndpoint("grpc://\(server.addresses.calls)")
        return try await RemoteConnection.with(RemoteOptions(endpoint, invocation: "test")) {
            try await body(try await RemoteStore($0, signing: nil, trusted: nil))
        }
    }

    /// Where the paths of sources begin.
    var sourceFolder: String { scratch.path + "/sources" }

    func sourceTrees(
        of derivations: [Derivation]
    ) throws -> [(DerivationHash, SourceTree)] {
        try derivations.compactMap { derivation in
            guard let sources = derivation.sources else { return nil }
            return (
                derivation.hash, try clientStore.sourceTree(sourceFolder, paths: sources.paths)
            )
        }
    }

    /// A file of an output, in the store of the other machine.
    func read(_ output: BuiltOutput, _ path: String = "content") throws -> String {
        try TextFile.read(clientStore.diskPath(of: output.name) + "/" + path)
    }
}

/// Builds in this process, and notes what.
final class ScriptExecutor: Executor {
    private let script: BuildingServer.Script
    private let names = Mutex<[String]>([])

    init(_ script: @escaping BuildingServer.Script) {
        self.script = script
    }

    var means: BuildEvent.Means { .sandbox }

    /// What it was asked to run since it was asked last, sorted.
    func takeNames() -> [String] {
        names.withLock { names in
            defer { names = [] }
            return names.sorted()
        }
    }

    func run(
        _ job: BuildJob, in folder: String, line: @escaping @Sendable (String) -> Void
    ) async throws -> Execution {
        names.withLock { $0.append(job.resolved.name.description) }
        var directories: [OutputName: String] = [:]
        for output in job.outputs {
            let path = "\(folder)/outputs/\(output)"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            directories[output] = path
            try await script(job, path, line)
        }
        return Execution(directories: directories, duration: .milliseconds(7))
    }
}

/// The events of a build, as they come.
final class EventList: Sendable {
    private let events = Mutex<[BuildEvent]>([])
    private let changes = AsyncStream.makeStream(of: Void.self)

    func append(_ event: BuildEvent) {
        events.withLock { $0.append(event) }
        changes.continuation.yield()
    }

    var all: [BuildEvent] { events.withLock { $0 } }

    /// Waits until there is one of a kind.
    func wait(for isWanted: (BuildEvent) -> Bool) async {
        if all.contains(where: isWanted) { return }
        for await _ in changes.stream where all.contains(where: isWanted) { return }
    }
}

extension [BuildEvent] {
    /// The kinds and names, without what differs from run to run.
    var names: [String] {
        compactMap { event in
            switch event {
            case .started(_, let name, let means, _): "started \(name) by \(means)"
            case .reused(_, let name): "reused \(name)"
            case .logged(_, let text): "logged \(text.dropLast())"
            case .finished: "finished"
            case .failed(_, let name, _): "failed \(name)"
            case .skipped(_, let name, _): "skipped \(name)"
            case .ended(let summary):
                "ended built \(summary.built) fetched \(summary.fetched) reused \(summary.reused) "
                    + "substituted \(summary.substituted) failed \(summary.failed) "
                    + "skipped \(summary.skipped)"
            case .planned, .joined, .fetched, .spliced, .warned: nil
            }
        }
    }
}

/// A derivation for tests. It refers to the first outputs of what it needs, as its last arguments.
func derivation(
    _ name: String, _ arguments: [String] = [], needs: [Derivation] = [], sources: [String] = []
) throws -> Derivation {
    var fields = Derivation.Fields(name: try DerivationName(name), builder: "/bin/script")
    fields.platform = try Platform("linux-x86_64")
    fields.args = arguments + needs.map { "{{ \($0.hash):out }}" }
    if !sources.isEmpty {
        fields.sources = SourceSet(paths: try sources.map { try RelativePath($0) })
    }
    return try Derivation(fields)
}

/// A fetch of a URL.
func fetch(_ url: String) throws -> Derivation {
    var fields = Derivation.Fields(name: try DerivationName("fetched"), builder: "fetch_url")
    fields.env = TextMap([TextMap.Entry(name: "url", value: url)])
    return try Derivation(fields)
}
