import TestKit
import Testing

@testable import BrambleModel

/// `docs/derivation-format.md` and the schema beside it say what the code does.
struct FormatDocumentTests {
    /// A fenced block with an info string of several words.
    struct Example {
        let words: [String]
        let body: String
    }

    static let folder = "../../docs/"

    private func examples() throws -> [Example] {
        let path = TextFile.path(
            FormatDocumentTests.folder + "derivation-format.md", beside: #filePath)
        var examples: [Example] = []
        var open: (words: [String], lines: [Substring])?
        for line in try TextFile.read(path).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if let example = open {
                if line == "```" {
                    examples.append(
                        Example(words: example.words, body: example.lines.joined(separator: "\n")))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if line.hasPrefix("```") {
                open = (line.dropFirst(3).split(separator: " ").map(String.init), [])
            }
        }
        return examples
    }

    @Test func examplesAreTrue() throws {
        let examples = try examples()
        var graph = DerivationGraph()
        for case let example in examples where example.words == ["json", "graph"] {
            graph = try DerivationGraph(json: Array(example.body.utf8))
            #expect(String(decoding: graph.canonicalJSON, as: UTF8.self) == example.body)
        }
        #expect(graph.derivations.count == 2)
        var counts: [String: Int] = [:]
        for example in examples where example.words.count >= 2 {
            counts[example.words[1], default: 0] += 1
            switch example.words[1] {
            case "derivation": try checkDerivation(example)
            case "refused": checkRefused(example)
            case "placeholders": try checkPlaceholders(example)
            case "resolved": try checkResolved(example, graph)
            default: #expect(example.words == ["json", "graph"])
            }
        }
        #expect(
            counts == [
                "derivation": 3, "refused": 6, "placeholders": 1, "resolved": 1, "graph": 1,
            ])
    }

    private func checkDerivation(_ example: Example) throws {
        let hash = try DerivationHash(example.words[2])
        let text = """
            {"derivations":{"\(hash)":\(example.body)},"schema":"bramble/derivation-graph/1"}
            """
        do {
            let graph = try DerivationGraph(json: Array(text.utf8))
            #expect(String(decoding: graph.canonicalJSON, as: UTF8.self) == text)
        } catch {
            // One of them refers to another, which is not there; all else must be right.
            #expect(error.faults.allSatisfy { $0.code == .missingDerivation }, "\(error)")
        }
    }

    private func checkRefused(_ example: Example) {
        let error = #expect(throws: ValidationError.self) {
            try DerivationGraph(json: Array(example.body.utf8))
        }
        #expect(error?.faults.map(\.code.rawValue) == [example.words[2]])
    }

    private func checkPlaceholders(_ example: Example) throws {
        for line in example.body.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let placeholder = Placeholder(
                derivation: try DerivationName(words[0]), output: try OutputName(words[1]))
            #expect(placeholder.storeName.description == words[2])
        }
    }

    private func checkResolved(_ example: Example, _ graph: DerivationGraph) throws {
        let root = try #require(graph.onlyRoot)
        let document = try JSONValue(json: Array(example.body.utf8), limits: .default)
        guard case .array(let inputs) = document["inputs"], case .string(let name) = inputs.first,
            case .string(let sources) = document["sources"]
        else {
            Issue.record("the example has no inputs or no sources")
            return
        }
        let resolved = try ResolvedDerivation(
            root,
            .init(
                outputs: [root.references[0]: try StoreName(name)], sources: try Digest(sources)))
        #expect(String(decoding: resolved.canonicalJSON, as: UTF8.self) == example.body)
        #expect(resolved.key.description == example.words[2])
    }

    @Test func everyCodeIsListed() throws {
        let path = TextFile.path(
            FormatDocumentTests.folder + "derivation-format.md", beside: #filePath)
        let text = try TextFile.read(path)
        for code in Fault.Code.allCases {
            #expect(text.contains("`\(code.rawValue)`"), "\(code)")
        }
    }

    @Test func schemaIsTheOneInTheDocumentation() throws {
        let path = TextFile.path(
            FormatDocumentTests.folder + "schema/derivation-graph.schema.json", beside: #filePath)
        #expect(try TextFile.read(path) == DerivationGraph.jsonSchema)
    }

    @Test func schemaAcceptsWhatIsValid() throws {
        let schema = try JSONSchema(text: DerivationGraph.jsonSchema)
        for (name, graph) in try SampleGraphs.all() {
            #expect(try schema.accepts(graph.canonicalJSON), "\(name)")
        }
        for seed in 0..<10 as Range<UInt64> {
            var source = RandomGraph(seed: seed)
            let graph = try DerivationGraph(try source.derivations(count: 20), roots: [])
            #expect(try schema.accepts(graph.canonicalJSON), "seed \(seed)")
        }
    }

    /// What the schema refuses the reader refuses too, for all small changes of the golden files.
    @Test func readerIsAsStrictAsTheSchema() throws {
        let schema = try JSONSchema(text: DerivationGraph.jsonSchema)
        var refused = 0
        for (name, graph) in try SampleGraphs.all() {
            let json = graph.canonicalJSON
            for offset in stride(from: 0, to: json.count, by: 7) {
                var changed = json
                changed[offset] = UInt8(ascii: "x")
                guard (try? schema.accepts(changed)) == false else { continue }
                refused += 1
                #expect(throws: ValidationError.self, "\(name), byte \(offset)") {
                    try DerivationGraph(json: changed)
                }
            }
        }
        #expect(refused > 100)
    }
}
