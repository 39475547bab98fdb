import BrambleModel
import BrambleStore

extension BuildRun {
    /// Puts the graph that a `derivation_output` has written in its place.
    func splice(_ node: Int, _ record: BuildRecord) throws {
        let item = graph.nodes[node]
        do {
            guard item.depth < BuildOptions.maximumDepth else {
                throw BuildFailure(
                    .graph,
                    "cannot build `\(item.derivation.name)`: derivations that make derivations are "
                        + "nested deeper than \(BuildOptions.maximumDepth)",
                    hint: "it may make itself over and over")
            }
            let object = record.outputs[0].name
            let given = try store.findClosure(of: (resolved[node]?.inputs ?? []) + [object])
            let written = try GeneratedGraph(item.derivation, object, given: given, store)
            let root = add(
                BuildGraph.Addition(
                    graph: written.graph, wanted: [written.root.hash], sources: written.sources,
                    objects: written.objects, facts: facts, depth: item.depth + 1),
                tail: schedule.priority(of: node))[0]
            guard !schedule.needs(root, node) else {
                throw BuildFailure(
                    .graph,
                    "cannot build `\(item.derivation.name)`: the graph that it wrote needs itself",
                    hint: "a derivation cannot need the `derivation_output` that makes it")
            }
            if written.dependsOnLock { unrepeatable.insert(node) }
            services.report(
                .spliced(
                    derivation: item.derivation.hash, root: written.root.hash,
                    derivations: written.graph.derivations.count))
            let skipped = schedule.splice(node, root: root)
            skip(skipped, because: written.root.hash)
        } catch let failure as BuildFailure {
            fail(node, failure)
        }
    }
}
