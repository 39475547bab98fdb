import BrambleModel
import FoundationEssentials
import TestKit
import Testing

/// The golden files are the promise that hashes never change: a difference is a new format.
struct GoldenGraphTests {
    @Test func goldenFiles() throws {
        for (name, graph) in try SampleGraphs.all() {
            let text = String(decoding: graph.canonicalJSON, as: UTF8.self)
            try GoldenFile("\(name).json").check(text)
            #expect(try DerivationGraph(json: graph.canonicalJSON) == graph, "\(name)")
        }
    }

    /// Other keys' order, other white space, other escapes: the same graph.
    @Test func otherSpellings() throws {
        for (name, graph) in try SampleGraphs.all() {
            for seed in 0..<5 as Range<UInt64> {
                var random = SeededRandom(seed: seed)
                let text = try Respelling.respell(graph.canonicalJSON, &random)
                let read = try DerivationGraph(json: text)
                #expect(read.canonicalJSON == graph.canonicalJSON, "\(name), seed \(seed)")
            }
        }
    }

    @Test func otherCoders() throws {
        let graph = try SampleGraphs.everything()
        let input = try BuildInput(
            graph: graph, sources: [.init(derivation: graph.roots[0], tree: Digest(of: []))],
            urlHashes: [
                URLHash(url: try SourceURL("https://example.org/x"), hash: ContentHash(of: [1]))
            ])
        let canonical = try CanonicalJSON.encode(input)
        #expect(try CanonicalJSON.decode(BuildInput.self, from: canonical) == input)

        let foreign = Array(try JSONEncoder().encode(input))
        #expect(try CanonicalJSON.decode(BuildInput.self, from: foreign) == input)
        #expect(try JSONDecoder().decode(BuildInput.self, from: Data(canonical)) == input)
    }

    /// Hashes as another program computes them, from `docs/derivation-format.md` alone.
    @Test func independentHashes() throws {
        let python = "/usr/bin/env"
        let folder = TextFile.path("", beside: #filePath)
        guard let outcome = runProgram(python, ["python3", "-c", "pass"]), outcome == 0 else {
            return  // there is no Python here
        }
        #expect(runProgram(python, ["python3", folder + "/recompute_hashes.py"]) == 0)
    }
}
