import BrambleModel
import TestKit
import Testing

/// Input that means harm, or was cut off: an error, in time, and no trap.
struct HostileGraphTests {
    @Test func everyTruncation() throws {
        for (name, graph) in try SampleGraphs.all() {
            let json = graph.canonicalJSON
            for length in 0..<json.count {
                let error = #expect(throws: ValidationError.self, "\(name), \(length) bytes") {
                    try DerivationGraph(json: Array(json[..<length]))
                }
                #expect(error?.faults.last?.code == .syntax, "\(name), \(length) bytes")
            }
        }
    }

    /// A changed byte gives another graph, but no graph under hashes that are not its own.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func changedBytes(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for (name, graph) in try SampleGraphs.all() {
            for _ in 0..<100 {
                var json = graph.canonicalJSON
                for _ in 0...Int.random(in: 0..<3, using: &random) {
                    let offset = Int.random(in: 0..<json.count, using: &random)
                    json[offset] =
                        [UInt8.random(in: 0...255, using: &random), 0x22, 0x5C, 0x7B, 0x5D]
                        .randomElement(using: &random) ?? 0
                }
                do {
                    let read = try DerivationGraph(json: json)
                    let known = Set(graph.derivations.map(\.hash))
                    #expect(read.derivations.allSatisfy { known.contains($0.hash) }, "\(name)")
                } catch {
                    #expect(!error.faults.isEmpty)
                }
            }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func splicedTexts(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let json = try SampleGraphs.everything().canonicalJSON
        for _ in 0..<100 {
            let start = Int.random(in: 0..<json.count, using: &random)
            let end = Int.random(in: start..<json.count, using: &random)
            let place = Int.random(in: 0..<json.count, using: &random)
            let spliced = json[..<place] + json[start..<end] + json[place...]
            _ = try? DerivationGraph(json: Array(spliced))  // whatever it is, it ends
        }
    }

    private func text(_ derivations: String) -> [UInt8] {
        Array(#"{"derivations":{\#(derivations)},"schema":"bramble/derivation-graph/1"}"#.utf8)
    }

    private func faults(_ json: [UInt8], _ limits: GraphLimits = .default) -> ValidationError? {
        #expect(throws: ValidationError.self) { try DerivationGraph(json: json, limits: limits) }
    }

    @Test func nesting() {
        for opening in ["[", "{\"a\":", "[{\"a\":"] {
            let deep = String(repeating: opening, count: 300_000)
            #expect(faults(Array(deep.utf8))?.faults.last?.code == .limit)
            #expect(faults(text("\"x\":\(deep)"))?.faults.last?.code == .limit)
        }
    }

    @Test func numbers() {
        let huge = String(repeating: "9", count: 1_000_000)
        #expect(faults(text("\"x\":\(huge)"))?.faults.last?.code == .limit)
        #expect(faults(text("\"x\":-\(huge)e9"))?.faults.last?.code == .wrongType)
    }

    @Test func limits() throws {
        let json = try SampleGraphs.everything().canonicalJSON
        var limits = GraphLimits.default
        limits.derivations = 5
        #expect(throws: Never.self) { try DerivationGraph(json: json, limits: limits) }
        limits.derivations = 4
        #expect(faults(json, limits)?.faults.map(\.code) == [.limit])
        limits = .default
        limits.text.bytes = json.count - 1
        #expect(faults(json, limits)?.faults.map(\.code) == [.limit])
    }

    @Test func manyFaults() {
        let unknown = (0..<100_000).map { "\"f\($0)\":0" }.joined(separator: ",")
        let error = faults(text("\(key(1)):{\(unknown)}"))
        #expect(error?.faults.count == 50)
        #expect(error.map { $0.faults.count + $0.omittedCount } == 100_002)
    }

    private func key(_ number: Int) -> String {
        let digits = String(number, radix: 8).map { "abcdefgh"[$0.wholeNumberValue ?? 0] }
        return "\"" + String(repeating: "m", count: 32 - digits.count) + String(digits) + "\""
    }

    /// A chain as long as it can be does not recurse, whether it closes or not.
    @Test(arguments: [false, true])
    func longChains(isClosed: Bool) {
        let count = 20_000
        let nodes = (0..<count).map { index in
            let next = isClosed ? (index + 1) % count : min(index + 1, count - 1)
            let hash = key(next).filter { $0 != "\"" }
            let args = next == index ? "x" : "{{ \(hash):out }}"
            return "\(key(index)):{\"args\":[\"\(args)\"],\"builder\":\"/x\",\"name\":\"n\","
                + "\"platform\":\"a-b\"}"
        }
        let error = faults(text(nodes.joined(separator: ",")))
        #expect(error?.faults.first?.code == (isClosed ? .cycle : .hashMismatch))
        #expect(error?.faults.dropFirst().allSatisfy { $0.code == .hashMismatch } ?? false)
        #expect(isClosed == (error?.faults.first?.message.contains("19990 more") ?? false))
    }

    /// Many names in one derivation, in the worst order: no quadratic work.
    @Test func largeDerivations() throws {
        var fields = try SampleGraphs.fields("large", builder: "/x")
        let names = (0..<50_000).map { "V\($0)" }
        fields.env = TextMap(names.reversed().map { TextMap.Entry(name: $0, value: $0) })
        fields.args = names
        fields.sources = SourceSet(paths: try names.reversed().map { try RelativePath($0) })
        fields.outputs = try (0..<256).map { try OutputName("o\($0)") }
        let large = try Derivation(fields)
        let graph = try DerivationGraph([large], roots: [large.hash])
        #expect(try DerivationGraph(json: graph.canonicalJSON) == graph)
        fields.outputs.append(.standard)
        #expect(throws: ValidationError.self) { try Derivation(fields) }
    }
}

extension String {
    fileprivate subscript(offset: Int) -> Character { self[index(startIndex, offsetBy: offset)] }
}
