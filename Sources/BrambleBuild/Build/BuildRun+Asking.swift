import BrambleModel
import BrambleStore

extension BuildRun {
    /// A question to the store that other machines have filled. A node waits for the answer in the
    /// state of the look-up that it is a part of.
    struct Ask: Sendable {
        enum Kind: Sendable {
            /// Whether the node's recipe was built: with that, what it needs is never looked at.
            case recipe
            /// Whether what goes into the node was.
            case key
        }

        let node: Int
        let kind: Kind
        let key: BuildKey
    }

    /// What a task of a build has to say when it ends.
    enum Report: Sendable {
        case worked(node: Int, BuildWork.Result)
        case answered(Ask, BuildRecord?, Duration)
        case published
        /// This machine's store has failed.
        case failed(StoreError)
        case cancelled
    }

    /// Whether results of other machines may be used for a node.
    private func mayAsk(_ node: Int) -> Bool {
        services.substituter != nil && !graph.nodes[node].isUnlocked && !isAskedAnew(node)
    }

    /// Whether a node is to be built even if it is there.
    func isAskedAnew(_ node: Int) -> Bool {
        (options.rebuilds || options.checks > 0) && wanted.contains(node)
    }

    /// - Returns: Whether there is an answer to wait for.
    func ask(_ node: Int, _ kind: Ask.Kind, _ key: BuildKey) -> Bool {
        guard mayAsk(node) else { return false }
        asks.append(Ask(node: node, kind: kind, key: key))
        return true
    }

    func observer(of node: Int) -> Substituter.Observer {
        let (hash, name) = (
            graph.nodes[node].derivation.hash, graph.nodes[node].derivation.name
        )
        let report = services.report
        return Substituter.Observer(
            started: {
                report(
                    .started(
                        derivation: hash, name: name, by: .substitute, expectedMilliseconds: nil))
            },
            fetched: { report(.fetched(derivation: hash, bytes: $0, of: $1)) },
            warned: { report(.warned(message: $0)) })
    }

    /// Runs as a task of its own.
    static func answer(
        _ ask: Ask, _ substituter: Substituter, _ observer: Substituter.Observer
    ) async -> Report {
        let start = ContinuousClock.now
        do {
            let record = try await substituter.find(ask.key, observer)
            return .answered(ask, record, .now - start)
        } catch let error as StoreError {
            return .failed(error)
        } catch {
            return .cancelled
        }
    }

    func take(_ ask: Ask, _ found: BuildRecord?, _ duration: Duration) throws {
        let (node, record) = (ask.node, found.flatMap { accepts($0, for: ask.node) ? $0 : nil })
        switch ask.kind {
        case .recipe:
            if let record {
                let built = builtDerivation(node, record)
                results[node] = built
                memory.remember(graph.nodes[node].key, built)
                reportSubstitution(of: node, built, duration)
            }
            skip(schedule.recalled(node, isFound: record != nil), because: cause(of: node))
        case .key:
            guard let record else {
                return schedule.resolved(node, isFound: false, queue: queue(of: node).rawValue)
            }
            memory.noteLeased(record.outputs.map(\.name))
            try complete(node, with: record, .substituted(duration))
            // Next time it is found from the top.
            noteForOthers(node, record)
        }
    }

    /// Whether a record of another machine can be that of a node: it has the outputs, and the tree that
    /// is locked.
    private func accepts(_ record: BuildRecord, for node: Int) -> Bool {
        let derivation = graph.nodes[node].derivation
        var outputs = Set(derivation.outputs)
        if case .derivationOutput = derivation.kind { outputs = [.standard] }
        guard Set(record.outputs.map(\.output)) == outputs else { return false }
        guard case .fetchGit(let fetch) = derivation.kind, let pin = facts.pin(of: fetch) else {
            return true
        }
        return record.outputs.first?.tree == pin.tree
    }

    func reportSubstitution(of node: Int, _ built: BuiltDerivation, _ duration: Duration) {
        outcome.summary.substituted += 1
        services.report(.finished(built: built, milliseconds: duration.wholeMilliseconds))
    }

    /// What was built is to be put where other machines find it.
    func noteForOthers(_ node: Int, _ record: BuildRecord) {
        guard services.substituter?.publishes == true else { return }
        var aliases: [BuildKey] = []
        if case .derivationOutput = graph.nodes[node].derivation.kind {
            // By its recipe, what comes of the graph is looked for, not the graph.
        } else if !isUnrepeatable(node) {
            aliases.append(graph.nodes[node].key.buildKey)
        }
        uploads.append(Upload(node: node, record: record, aliases: aliases))
    }

    struct Upload: Sendable {
        let node: Int
        let record: BuildRecord
        let aliases: [BuildKey]
    }
}
