import BrambleModel
import BrambleStore

extension BuildRun {
    /// Makes all look-ups that are to be made, and those that follow from them.
    func lookUp() throws {
        while let step = schedule.nextStep() {
            switch step {
            case .recall(let node): try recall(node)
            case .resolve(let node): try resolve(node)
            case .adopt(let node, let source): adopt(node, from: source)
            }
        }
    }

    private func recall(_ node: Int) throws {
        let item = graph.nodes[node]
        let known = item.isUnlocked || isAskedAnew(node) ? nil : try memory.recall(item.key)
        if let known {
            results[node] = BuiltDerivation(
                derivation: item.derivation.hash, key: known.key, outputs: known.outputs)
            reportReuse(of: node)
        } else if ask(node, .recipe, item.key.buildKey) {
            return
        }
        skip(schedule.recalled(node, isFound: known != nil), because: cause(of: node))
    }

    /// Which derivation's failure a node that is skipped is skipped for: one that it needs, or the
    /// reason why that one was skipped.
    func cause(of node: Int) -> DerivationHash {
        let dependencies = schedule.dependencies(of: node)
        if let failed = dependencies.first(where: { schedule.state(of: $0) == .failed }) {
            return graph.nodes[failed].derivation.hash
        }
        return dependencies.lazy.compactMap { self.causes[$0] }.first
            ?? graph.nodes[node].derivation.hash
    }

    private func resolve(_ node: Int) throws {
        let item = graph.nodes[node]
        do {
            var key = try BuildWork.key(item.derivation, facts)
            if !item.derivation.kind.isFetch {
                let resolved = try resolution(of: node)
                self.resolved[node] = resolved
                key = resolved.key
            }
            if !(options.rebuilds && wanted.contains(node)), let key {
                if let record = try store.findBuild(key) {
                    return try complete(node, with: record, .found)
                }
                if ask(node, .key, key) { return }
            }
            schedule.resolved(node, isFound: false, queue: queue(of: node).rawValue)
        } catch let error as ValidationError {
            fail(node, BuildFailure(.graph, "cannot build `\(item.derivation.name)`: \(error)"))
        }
    }

    private func resolution(of node: Int) throws -> ResolvedDerivation {
        let item = graph.nodes[node]
        var inputs = ResolvedDerivation.Inputs(
            sources: item.sources?.tree, objects: item.objects)
        for reference in item.derivation.references {
            guard let number = item.inputs[reference.derivation], let built = results[number],
                let output = built.outputs.first(where: { $0.output == reference.output })
            else { continue }
            inputs.outputs[reference] = output.name
        }
        return try ResolvedDerivation(item.derivation, inputs)
    }

    /// How a node's outputs came to be in the store.
    enum Origin {
        case built, found
        case substituted(Duration)
    }

    /// The outputs of a node are in the store; those of a `derivation_output` are a graph that is to
    /// be built in its place.
    func complete(_ node: Int, with record: BuildRecord, _ origin: Origin) throws {
        if case .derivationOutput = graph.nodes[node].derivation.kind {
            return try splice(node, record)
        }
        let item = graph.nodes[node]
        memory.remember(item.derivation.hash, record.facts.key)
        let built = builtDerivation(node, record)
        finish(node, built)
        switch origin {
        case .built:
            services.report(
                .finished(built: built, milliseconds: record.facts.durationMilliseconds))
        case .found: reportReuse(of: node)
        case .substituted(let duration): reportSubstitution(of: node, built, duration)
        }
    }

    /// What a node turned out to be, by the record of its build.
    func builtDerivation(_ node: Int, _ record: BuildRecord) -> BuiltDerivation {
        let derivation = graph.nodes[node].derivation
        let outputs = derivation.outputs.compactMap { name in
            record.outputs.first { $0.output == name }
        }
        return BuiltDerivation(
            derivation: derivation.hash, key: record.facts.key, outputs: outputs)
    }

    private func reportReuse(of node: Int) {
        let derivation = graph.nodes[node].derivation
        outcome.summary.reused += 1
        services.report(.reused(derivation: derivation.hash, name: derivation.name))
    }

    /// Takes the result of the root of what was spliced in place of a node.
    private func adopt(_ node: Int, from source: Int) {
        let item = graph.nodes[node]
        guard let built = results[source] else {
            preconditionFailure("a node adopts what is not done")
        }
        let outputs = item.derivation.outputs.compactMap { name in
            built.outputs.first { $0.output == name }
        }
        if isUnrepeatable(source) { unrepeatable.insert(node) }
        let result = BuiltDerivation(
            derivation: item.derivation.hash, key: built.key, outputs: outputs)
        finish(node, result)
        services.report(.finished(built: result, milliseconds: 0))
    }

    private func finish(_ node: Int, _ built: BuiltDerivation) {
        results[node] = built
        if graph.nodes[node].inputs.values.contains(where: isUnrepeatable) {
            unrepeatable.insert(node)
        }
        schedule.finish(node)
        if !isUnrepeatable(node) { memory.remember(graph.nodes[node].key, built) }
    }

    /// Whether a node's recipe key does not cover all that its result depends on.
    func isUnrepeatable(_ node: Int) -> Bool {
        unrepeatable.contains(node) || graph.nodes[node].isUnlocked
    }
}
