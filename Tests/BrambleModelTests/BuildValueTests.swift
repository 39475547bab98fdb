import BrambleModel
import FoundationEssentials
import TestKit
import Testing

/// The values around a build, as JSON: golden, and there and back.
struct BuildValueTests {
    private func lines(_ values: [some Codable & Equatable]) throws -> String {
        try values.map { value in
            let json = try CanonicalJSON.encode(value)
            let type = type(of: value)
            #expect(try CanonicalJSON.decode(type, from: json) == value)
            // Another coder writes other bytes and means the same.
            let foreign = try JSONEncoder().encode(value)
            #expect(try CanonicalJSON.decode(type, from: Array(foreign)) == value)
            #expect(try JSONDecoder().decode(type, from: Data(json)) == value)
            return String(decoding: json, as: UTF8.self) + "\n"
        }.joined()
    }

    private func built(_ derivation: Derivation) throws -> BuiltDerivation {
        let key = try ResolvedDerivation(derivation, .init()).key
        let name = Placeholder(derivation: derivation.name, output: .standard).storeName
        let output = BuiltOutput(output: .standard, name: name, tree: Digest(of: []))
        return BuiltDerivation(derivation: derivation.hash, key: key, outputs: [output])
    }

    @Test func events() throws {
        let derivation = try #require(SampleGraphs.smallest().derivations.first)
        let (hash, name) = (derivation.hash, derivation.name)
        var summary = BuildSummary()
        summary.built = 1
        let events: [BuildEvent] = [
            .planned(derivations: 3, pending: 2),
            .started(derivation: hash, name: name, by: .sandbox, expectedMilliseconds: 1500),
            .started(derivation: hash, name: name, by: .check, expectedMilliseconds: nil),
            .reused(derivation: hash, name: name),
            .joined(derivation: hash, name: name),
            .fetched(derivation: hash, bytes: 1 << 40, of: nil),
            .fetched(derivation: hash, bytes: 1, of: 2),
            .logged(derivation: hash, text: "a\n\u{1B}[1m\"é\"\n"),
            .finished(built: try built(derivation), milliseconds: 12),
            .failed(
                derivation: hash, name: name,
                failure: BuildFailure(.builder, "it failed", hint: "look", status: 1)),
            .skipped(derivation: hash, name: name, because: hash),
            .spliced(derivation: hash, root: hash, derivations: 7),
            .ended(summary: summary),
        ]
        try GoldenFile("BuildEvents.jsonl").check(try lines(events))
    }

    @Test func inputsAndOutputs() throws {
        let graph = try SampleGraphs.smallest()
        let url = try SourceURL("https://example.org/x")
        let hash = URLHash(url: url, hash: ContentHash(of: [1]))
        let pin = GitPin(url: url, reference: "main", commit: "abc", tree: Digest(of: [2]))
        let input = try BuildInput(
            graph: graph, sources: [.init(derivation: graph.roots[0], tree: Digest(of: [3]))],
            urlHashes: [hash, hash], gitPins: [pin])
        #expect(input.wanted == graph.roots)
        #expect(input.urlHashes == [hash])
        let output = BuildOutput(
            built: [try built(graph.derivations[0])], newURLHashes: [hash], newGitPins: [pin])
        #expect(
            output[graph.roots[0]]?.outputs.first?.path.description.hasPrefix("/bramble/") == true)
        try GoldenFile("BuildInput.jsonl").check(try lines([input]))
        try GoldenFile("BuildOutput.jsonl").check(try lines([output]))
    }

    @Test func evaluationOutput() throws {
        let graph = try SampleGraphs.smallest()
        var run = ModuleOutput.Run(derivation: graph.roots[0], cmd: "bin/x")
        run.readOnlyPaths = ["/usr"]
        run.network = true
        let test = ModuleOutput.Test(derivation: graph.roots[0], args: ["-v"])
        let function = ModuleOutput.Function(
            name: "hello", derivations: graph.roots, runs: [run], tests: [test])
        let module = ModuleOutput(module: "./lib", functions: [function])
        let output = try EvaluationOutput(graph: graph, modules: [module])
        try GoldenFile("EvaluationOutput.jsonl").check(try lines([output]))
    }

    @Test func contradictions() throws {
        let graph = try SampleGraphs.smallest()
        let other = try SampleGraphs.fetches().roots[0]
        let url = try SourceURL("https://example.org/x")
        let root = graph.roots[0]
        let error = #expect(throws: ValidationError.self) {
            try BuildInput(
                graph: graph, wanted: [other],
                sources: [
                    .init(derivation: root, tree: Digest(of: [1])),
                    .init(derivation: root, tree: Digest(of: [2])),
                    .init(derivation: other, tree: Digest(of: [])),
                ],
                urlHashes: [1, 2].map { URLHash(url: url, hash: ContentHash(of: [$0])) },
                gitPins: ["a", "b"].map {
                    GitPin(url: url, reference: "main", commit: $0, tree: Digest(of: []))
                })
        }
        #expect(
            error?.faults.map(\.code) == [
                .missingDerivation, .missingDerivation, .duplicate, .duplicate, .duplicate,
            ])
        let function = ModuleOutput.Function(name: "f", derivations: [root, other])
        let missing = #expect(throws: ValidationError.self) {
            let modules = [ModuleOutput(module: "./x", functions: [function])]
            return try EvaluationOutput(graph: graph, modules: modules)
        }
        #expect(
            missing?.faults.map(\.path.description)
                == ["$.modules[0].functions[0].derivations[1]"])
    }

    struct Case: CustomTestStringConvertible {
        let json: String
        let fault: String
        var testDescription: String { json }
    }

    static let refused = [
        Case(json: "", fault: "$ (byte 0): not JSON: the text ends where a value is due"),
        Case(json: "[]", fault: "$: an array stands where an object is due"),
        Case(
            json: "{\"url\":1,\"hash\":\"x\"}",
            fault: "$.url: a number stands where a string is due"),
        Case(json: "{\"hash\":\"x\"}", fault: "$: the field `url` is missing"),
        Case(json: "{\"url\":\"x\"}", fault: "$.url: `x` is not a URL that can be fetched"),
        Case(
            json: "{\"url\":1,\"url\":1}",
            fault: "$.url (byte 17): an object has the key `url` twice"),
    ]

    @Test(arguments: refused)
    func refusedText(_ row: Case) {
        let error = #expect(throws: ValidationError.self) {
            try CanonicalJSON.decode(URLHash.self, from: Array(row.json.utf8))
        }
        #expect(error?.description.split(separator: "\n").first.map(String.init) == row.fault)
    }

    @Test func faultsOfGraphsInside() throws {
        let json = #"{"graph":{"schema":"x"},"modules":[]}"#
        let error = #expect(throws: ValidationError.self) {
            try CanonicalJSON.decode(EvaluationOutput.self, from: Array(json.utf8))
        }
        #expect(error?.faults.map(\.path.description) == ["$.graph.schema"])
    }

    @Test func inputsThatSayLittle() throws {
        let graph = try SampleGraphs.smallest()
        let text = String(decoding: graph.canonicalJSON, as: UTF8.self)
        let input = try CanonicalJSON.decode(
            BuildInput.self, from: Array("{\"graph\":\(text)}".utf8))
        #expect(input == (try BuildInput(graph: graph)))
        let error = #expect(throws: ValidationError.self) {
            try CanonicalJSON.decode(
                BuildInput.self, from: Array("{\"graph\":\(text),\"url_hash\":[]}".utf8))
        }
        #expect(error?.faults.map(\.code) == [.unknownField])
        #expect(error?.faults.map(\.path.description) == ["$.url_hash"])
    }

    @Test func numbers() throws {
        #expect(try CanonicalJSON.encode([Int8.min, 0]) == Array("[-128,0]".utf8))
        #expect(try CanonicalJSON.decode([UInt8].self, from: Array("[255]".utf8)) == [255])
        #expect(throws: ValidationError.self) {
            try CanonicalJSON.decode([UInt8].self, from: Array("[256]".utf8))
        }
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode(1.5) }
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode(UInt64.max) }
        #expect(throws: EncodingError.self) { try CanonicalJSON.encode([1 << 53]) }
        #expect(try CanonicalJSON.encode(["b": 1, "a": nil]) == Array(#"{"a":null,"b":1}"#.utf8))
    }
}
