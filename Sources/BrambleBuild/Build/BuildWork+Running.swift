import BrambleModel
import BrambleSandbox
import BrambleStore

extension BuildWork {
    /// Runs the builder, and takes its outputs into the store.
    func run(
        _ resolved: ResolvedDerivation, _ key: BuildKey, in folder: String
    ) async throws -> BuildRecord {
        let log = BuildLog(store)
        do {
            let job = try await job(resolved, variation: .usual, isFresh: isForced)
            let (hash, report) = (derivation.hash, services.report)
            let execution = try await services.executor.run(job, in: folder) { line in
                log.append(line)
                report(.logged(derivation: hash, text: line + "\n"))
            }
            var facts = facts(key, execution.duration)
            facts.log = try log.finish()
            let outputs = try store.register(request(job, execution), facts: facts)
            return BuildRecord(facts, outputs: outputs)
        } catch {
            try keepFailure(error, log, resolved)
            throw error
        }
    }

    /// Builds again under other circumstances.
    ///
    /// - Throws: `BuildFailure` if something else comes out.
    func check(_ number: Int, _ resolved: ResolvedDerivation, _ expected: BuildRecord) async throws
    {
        let folder = try folders.take()
        defer { folders.give(folder) }
        let job = try await job(resolved, variation: .changed(number), isFresh: true)
        let execution = try await services.executor.run(job, in: folder) { _ in }
        let outputs = try store.register(request(job, execution))
        for (old, new) in zip(expected.outputs, outputs) where old.name != new.name {
            throw BuildFailure(
                .notReproducible,
                "`\(derivation.name)` is not reproducible: built again, output `\(old.output)` is "
                    + "`\(new.name)` rather than `\(old.name)`",
                hint: "`bramble diff \(old.name) \(new.name)` shows where they differ")
        }
    }

    private func job(
        _ resolved: ResolvedDerivation, variation: SandboxVariation, isFresh: Bool
    ) async throws -> BuildJob {
        var command = [resolved.builder] + resolved.args
        var outputs = resolved.outputs
        if case .derivationOutput = derivation.kind {
            command = resolved.args
            outputs = [.standard]
        }
        return BuildJob(
            resolved: resolved, command: command, outputs: outputs,
            closure: try store.findClosure(of: resolved.inputs),
            sources: try await sourceObject(), limits: limits, variation: variation,
            isFresh: isFresh)
    }

    private func sourceObject() async throws(StoreError) -> StoreName? {
        guard let sources else { return nil }
        switch sources.origin {
        case .given: return try await services.provideSources(derivation, sources.tree)
        case .object(let name):
            return try store.addSources(
                store.diskPath(of: name), paths: derivation.sources?.paths,
                expecting: sources.tree
            ).name
        }
    }

    private func request(_ job: BuildJob, _ execution: Execution) -> OutputsToRegister {
        OutputsToRegister(
            derivation: derivation.name, directories: execution.directories,
            candidates: job.closure, mayBeTaken: true)
    }

    private func keepFailure(
        _ error: any Error, _ log: BuildLog, _ resolved: ResolvedDerivation
    ) throws {
        let failure: BuildFailure
        switch error {
        case let error as BuildFailure: failure = error
        case let error as StoreError: failure = BuildFailure(error, building: derivation.name)
        default: return
        }
        try FailureRecord(
            derivation: derivation.hash, name: derivation.name, failure: failure,
            log: try log.finish(), resolved: resolved
        ).keep(in: store)
    }
}
