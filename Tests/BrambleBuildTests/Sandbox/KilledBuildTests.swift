import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// A build that is killed with `kill -9`, and what the next one finds.
@Suite struct KilledBuildTests {
    private static let count = 200

    /// Nodes in eight columns, each of which needs two of the row before it.
    private static func graph() throws -> [Derivation] {
        let busybox = try SandboxFixture.busybox()
        var nodes: [Derivation] = []
        for number in 0..<count {
            let needs = number < 8 ? [] : Set([number - 8, number - 8 - number % 3 + 1]).sorted()
            nodes.append(
                try SandboxFixture.script(
                    "n\(number)", "echo \(number) $* >$out/file", busybox: busybox,
                    needs: needs.filter { $0 >= 0 && $0 < number }.map { nodes[$0] }))
        }
        return [busybox] + nodes
    }

    @Test(arguments: [1, 60, 150])
    func onlyTheRestIsBuilt(finishedBefore: Int) throws {
        let fixture = try BuildFixture()
        let derivations = try Self.graph()
        let graph = try DerivationGraph(
            derivations, roots: derivations.suffix(8).map(\.hash))
        try fixture.scratch.write(
            String(decoding: graph.canonicalJSON, as: UTF8.self), to: "graph.json")
        let worker = try BuiltProducts.folder() + "/BuildWorker"
        try fixture.shell(
            """
            mkfifo pipe
            '\(worker)' "$PWD/store" graph.json 2 >pipe & worker=$!
            exec 3<pipe
            count=0
            while test $count -le \(finishedBefore) && read -r word name <&3; do
                test $word != finished || count=$((count + 1))
            done
            kill -9 $worker
            cat <&3 >/dev/null
            """)
        let done = try fixture.store.builds().map(\.facts.derivation.description)
        #expect(done.count > finishedBefore && done.count < Self.count)
        #expect(try fixture.store.verify() == [])

        let lines = try fixture.shell("'\(worker)' \"$PWD/store\" graph.json 2")
            .split(separator: "\n")
        let started = lines.filter { $0.hasPrefix("started ") }.map { $0.dropFirst(8) }
        // Of the fetch nobody knows what it yields, so it is made again.
        let needed = derivations.map(\.name.description).filter {
            !done.contains($0) || $0 == "busybox"
        }
        #expect(started.sorted() == needed.map { $0[...] }.sorted())
        #expect(try fixture.store.builds().count == Self.count + 1)
        #expect(try fixture.store.verify() == [])
        #expect(
            try fixture.shell("'\(worker)' \"$PWD/store\" graph.json 2 | grep -v reused")
                == "started busybox\nfinished\n")
        // Whatever the killed process has left, a collection removes.
        try fixture.store.endLeases()
        _ = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        #expect(try fixture.shell("ls store/tmp | wc -l") == "1\n")
    }
}
