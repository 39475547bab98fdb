import BrambleModel
import BrambleStore
import FoundationEssentials
import TestKit
import Testing

@testable import BrambleBuild

/// A store in a folder of its own, and builds in it.
final class BuildFixture: @unchecked Sendable {
    // Options are set before anything is built; all else never changes.
    let scratch: ScratchFolder
    let store: LocalStore
    var options = BuildOptions(jobs: 2)
    var fetchOptions = FetchOptions.standard
    /// Where results of other machines are.
    var cache: (any ContentStore)?
    var publishes = true

    /// What came of a build, and what was reported.
    struct Built {
        let outcome: BuildOutcome
        let events: EventRecorder
    }

    init() throws {
        scratch = try ScratchFolder()
        store = try LocalStore(scratch.path + "/store")
    }

    /// Builds derivations; the last one is wanted, unless others are named.
    func build(
        _ derivations: [Derivation], wanted: [Derivation]? = nil,
        urlHashes: [URLHash] = [], with executor: any Executor,
        reporting recorder: EventRecorder = EventRecorder()
    ) async throws -> Built {
        let roots = (wanted ?? derivations.suffix(1)).map(\.hash)
        let input = try BuildInput(
            graph: try DerivationGraph(derivations, roots: roots),
            sources: try sourceTrees(of: derivations), urlHashes: urlHashes)
        return try await build(input, with: executor, reporting: recorder)
    }

    func build(
        _ input: BuildInput, with executor: any Executor,
        reporting recorder: EventRecorder = EventRecorder()
    ) async throws -> Built {
        let (store, options) = (store, options)
        let folder = try ScratchFolder()
        let sources = sourceFolder
        let substituter = cache.map { Substituter($0, store, publishes: publishes) }
        let outcome = try await Fetcher.with(fetchOptions, clock: .system, folder: folder.path) {
            fetcher in
            let services = BuildServices(
                store: store, executor: executor, fetcher: fetcher, substituter: substituter,
                provideSources: { (derivation, tree) throws(StoreError) in
                    try store.addSources(
                        sources, paths: derivation.sources?.paths, expecting: tree
                    ).name
                }, report: { recorder.append($0) })
            return try await Builder(services, options).build(input)
        }
        return Built(outcome: outcome, events: recorder)
    }

    // MARK: Files

    /// Where the paths of sources begin.
    var sourceFolder: String { scratch.path + "/sources" }

    private func sourceTrees(
        of derivations: [Derivation]
    ) throws -> [BuildInput.SourceTree] {
        try derivations.compactMap { derivation in
            guard let sources = derivation.sources else { return nil }
            let tree = try store.sourceTree(sourceFolder, paths: sources.paths)
            return BuildInput.SourceTree(derivation: derivation.hash, tree: tree.tree.root)
        }
    }

    /// A file of an output, read from the store.
    func read(_ output: BuiltOutput, _ path: String = "content") throws -> String {
        try TextFile.read(store.diskPath(of: output.name) + "/" + path)
    }

    /// Runs a line in the folder of all; a failure is the test's.
    @discardableResult
    func shell(_ line: String) throws -> String {
        let outcome = try ShellCommand(
            folder: scratch.path, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
        ).run(line)
        try #require(outcome.status == 0, "\(line): \(outcome.standardError)")
        return outcome.standardOutput
    }

    /// What is below `tmp` of the store beside the folder of this process: what was left behind.
    func leftovers() throws -> String { try shell("find store/tmp -mindepth 2 | head") }
}

/// A derivation for tests. It refers to the first outputs of what it needs, as its last arguments.
func derivation(
    _ name: String, builder: String = "/bin/fake", _ arguments: [String] = [],
    env: [String: String] = [:], outputs: [String] = ["out"], needs: [Derivation] = [],
    change: (inout Derivation.Fields) -> Void = { _ in }
) throws -> Derivation {
    var fields = Derivation.Fields(name: try DerivationName(name), builder: builder)
    fields.platform = try Platform("linux-x86_64")
    fields.args = arguments + needs.map { reference($0) }
    fields.env = TextMap(env.map { TextMap.Entry(name: $0.key, value: $0.value) })
    fields.outputs = try outputs.map { try OutputName($0) }
    change(&fields)
    return try Derivation(fields)
}

/// `{{ HASH:OUTPUT }}`.
func reference(_ derivation: Derivation, _ output: String? = nil) -> String {
    guard let output else { return "{{ \(derivation.hash):\(derivation.outputs[0]) }}" }
    return "{{ \(derivation.hash):\(output) }}"
}

/// A chain: each refers to the one before it.
func chain(_ count: Int, first: [String]) throws -> [Derivation] {
    var all = [try derivation("n0", first)]
    for number in 1..<count { all.append(try derivation("n\(number)", needs: [all[number - 1]])) }
    return all
}
