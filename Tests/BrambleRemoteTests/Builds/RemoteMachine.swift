import BrambleBuild
import BrambleModel
import BrambleStore
import FoundationEssentials
import Synchronization
import TestKit
import Testing

@testable import BrambleRemote

/// A machine with a store of its own, that builds what all of them build, with what other machines lend.
final class RemoteMachine: Sendable {
    let scratch: ScratchFolder
    let store: LocalStore

    /// What came of a build.
    struct Built: Sendable {
        let outcome: BuildOutcome
        let warnings: [String]
        /// What was built on this machine.
        let builtHere: [String]

        /// The objects that were made, by derivation.
        var names: [String: [StoreName]] {
            outcome.output.built.reduce(into: [:]) {
                $0["\($1.derivation)"] = $1.outputs.map(\.name)
            }
        }
    }

    init() throws {
        scratch = try ScratchFolder()
        store = try LocalStore(scratch.path + "/store")
    }

    /// - Parameter executor: Where builders run; nil for here.
    func build(
        cache: RemoteStore? = nil, publishes: Bool = false, executor: (any Executor)? = nil,
        hook: @escaping @Sendable (String) async throws -> Void = { _ in }
    ) async throws -> Built {
        let here = WritingExecutor(hook)
        let warnings = Mutex<[String]>([])
        let input = try BuildInput(
            graph: try DerivationGraph(RemoteMachine.recipes(), roots: [RemoteMachine.top().hash]))
        let (store, folder) = (store, scratch.path + "/fetches")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let substituter = cache.map { Substituter($0, store, publishes: publishes) }
        let outcome = try await Fetcher.with(.standard, clock: .system, folder: folder) { fetcher in
            let services = BuildServices(
                store: store, executor: executor ?? here, fetcher: fetcher,
                substituter: substituter,
                provideSources: { (_, _) throws(StoreError) in
                    throw StoreError(.notFound, "nothing has sources")
                },
                report: { event in
                    if case .warned(let message) = event {
                        warnings.withLock { $0.append(message) }
                    }
                })
            return try await Builder(services, BuildOptions(jobs: 4)).build(input)
        }
        return Built(
            outcome: outcome, warnings: warnings.withLock { $0 }, builtHere: here.names.sorted())
    }

    /// What comes of a build without anybody's help.
    static func expected() async throws -> [String: [StoreName]] { try await once.value }

    private static let once = Task { try await RemoteMachine().build().names }

    // MARK: What is built

    /// Some that are small, one that takes a stream, one of many files; and one that refers to all.
    static func recipes() throws -> [Derivation] {
        var all = [
            try recipe("first", ["text"]), try recipe("large", ["large"]),
            try recipe("many", ["many"]),
        ]
        all.append(try recipe("second", ["more"], needs: [all[0]]))
        return all + [try recipe("top", ["top"], needs: all)]
    }

    static func top() throws -> Derivation {
        guard let last = try recipes().last else { preconditionFailure("no recipes") }
        return last
    }

    private static func recipe(
        _ name: String, _ arguments: [String], needs: [Derivation] = []
    ) throws -> Derivation {
        var fields = Derivation.Fields(name: try DerivationName(name), builder: "/bin/fake")
        fields.platform = try Platform("linux-x86_64")
        fields.args = arguments + needs.map { "{{ \($0.hash):out }}" }
        return try Derivation(fields)
    }

    /// Not to be compressed.
    private static let large: [UInt8] = {
        var random = SeededRandom(seed: 1)
        return (0..<90_000).flatMap { _ in
            withUnsafeBytes(of: random.next()) { Array($0) }
        }
    }()

    /// What the builder of all of them writes, by its arguments.
    static let write: @Sendable ([String]) -> [String: [UInt8]] = { arguments in
        var files = ["content": Array(arguments.map { $0 + "\n" }.joined().utf8)]
        if arguments.first == "large" {
            files["large"] = large
        }
        if arguments.first == "many" {
            for number in 0..<60 {
                files["file\(number)"] = Array(
                    repeating: UInt8(number), count: 1 + number * 173)
            }
        }
        return files
    }
}

/// Builds in this process.
private final class WritingExecutor: Executor {
    private let state = Mutex<[String]>([])
    private let hook: @Sendable (String) async throws -> Void

    init(_ hook: @escaping @Sendable (String) async throws -> Void) {
        self.hook = hook
    }

    var means: BuildEvent.Means { .sandbox }

    var names: [String] { state.withLock { $0 } }

    func run(
        _ job: BuildJob, in folder: String, line: @escaping @Sendable (String) -> Void
    ) async throws -> Execution {
        let name = "\(job.resolved.name)"
        state.withLock { $0.append(name) }
        do {
            try await hook(name)
            let path = folder + "/outputs/out"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            for (file, bytes) in RemoteMachine.write(job.resolved.args) {
                try Data(bytes).write(to: URL(filePath: path + "/" + file))
            }
            line("made \(name)")
            return Execution(directories: [.standard: path], duration: .milliseconds(1))
        } catch {
            // An executor throws nothing else: it is the test that has failed.
            Issue.record(error)
            throw BuildFailure(.builder, "\(error)")
        }
    }
}

extension RemoteMachine {
    /// Whether a build has ended right: all is there, by the names that it has everywhere, and no byte of
    /// the store is wrong.
    func check(
        _ built: Built, _ expected: [String: [StoreName]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(
            built.outcome.isSuccess, "\(built.outcome.failures.map(\.failure.message))",
            sourceLocation: sourceLocation)
        let top = "\(try RemoteMachine.top().hash)"
        #expect(built.names[top] == expected[top], sourceLocation: sourceLocation)
        for (name, objects) in built.names {
            #expect(objects == expected[name], sourceLocation: sourceLocation)
        }
        try checkStore(sourceLocation: sourceLocation)
    }

    func checkStore(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let damages = try store.verify()
        #expect(damages == [], sourceLocation: sourceLocation)
    }
}

/// Talks to a server at a port of this machine, with little patience, as tests have none.
func withConnection<Result: Sendable>(
    _ port: Int, change: (inout RemoteOptions) -> Void = { _ in },
    _ body: (RemoteConnection) async throws -> Result
) async throws -> Result {
    var options = RemoteOptions(
        try RemoteEndpoint("grpc://127.0.0.1:\(port)"), invocation: "test")
    options.callTimeout = .seconds(5)
    options.streamTimeout = .seconds(3)
    options.connectTimeout = .seconds(5)
    // The library makes it ten.
    options.silence = .seconds(1)
    change(&options)
    return try await RemoteConnection.with(options, body)
}

/// Gives another token each time it is asked: `1`, `2`, …
final class NumberedTokens: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func next() -> RemoteCredentials {
        let value = number.withLock { number in
            number += 1
            return number
        }
        return RemoteCredentials(headers: [("authorization", "Bearer \(value)")])
    }
}
