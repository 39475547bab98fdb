import BrambleModel
import Testing

/// What holds for all graphs; the seed of a failure is in its message.
struct GraphPropertyTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var source = RandomGraph(seed: seed)
        let derivations = try source.derivations(count: 1 + source.upTo(30))
        let roots = derivations.map(\.hash).filter { _ in source.upTo(3) == 0 }
        let graph = try DerivationGraph(derivations, roots: roots)
        let json = graph.canonicalJSON
        let read = try DerivationGraph(json: json)
        #expect(read == graph)
        #expect(read.canonicalJSON == json)
        #expect(zip(read.derivations, graph.derivations).allSatisfy { $0.fields.args == $1.args })
        #expect(read.buildOrder == graph.buildOrder)
        let decoded = try CanonicalJSON.decode(DerivationGraph.self, from: json)
        #expect(try CanonicalJSON.encode(decoded) == json)

        // The order in which it is put together is of no account, and neither is its spelling.
        let shuffled = try DerivationGraph(
            derivations.shuffled(using: &source.random) + derivations,
            roots: roots.shuffled(using: &source.random) + roots)
        #expect(shuffled.canonicalJSON == json)
        #expect(try DerivationGraph(json: Respelling.respell(json, &source.random)) == graph)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func orderAndClosure(seed: UInt64) throws {
        var source = RandomGraph(seed: seed)
        let derivations = try source.derivations(count: 30)
        let graph = try DerivationGraph(derivations, roots: derivations.map(\.hash))
        var position = [Int](repeating: -1, count: 30)
        for (place, index) in graph.buildOrder.enumerated() { position[index] = place }
        #expect(position.min() == 0)
        for index in 0..<30 {
            let needed = Set(graph.derivations[index].references.map(\.derivation))
            let dependencies = graph.dependencies(of: index)
            #expect(Set(dependencies.map { graph.derivations[$0].hash }) == needed)
            #expect(dependencies == dependencies.sorted())
            #expect(dependencies.allSatisfy { position[$0] < position[index] })
        }
        let root = graph.derivations[source.upTo(30)].hash
        let closure = try graph.closure(of: [root])
        #expect(closure.roots == [root])
        #expect(closure.onlyRoot?.hash == root)
        let reached = Set(closure.derivations.flatMap { $0.references.map(\.derivation) } + [root])
        #expect(reached == Set(closure.derivations.map(\.hash)))
    }
}
