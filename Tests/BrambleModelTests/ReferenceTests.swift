import BrambleModel
import Testing

/// What is a reference in a text, what is none, and what is an error.
struct ReferenceTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        /// Where references are expected, in bytes; nil if the text is refused.
        let found: [Range<Int>]?
        var testDescription: String { text }

        init(_ text: String, _ found: [Range<Int>]?) {
            self.text = text
            self.found = found
        }
    }

    static let hash = "abcdefghijklmnopqrstuvwxyz234567"
    static let whole = "{{ \(hash):out }}"

    static let cases: [Case] = [
        Case("", []),
        Case("{", []),
        Case("{{", []),
        Case("{{ x }}", []),
        Case("{{ \(hash) }}", []),
        Case("{{ x\(hash):out }}", []),
        Case("{{ \(hash.dropLast()):out }}", []),
        Case("{{\t\(hash):out }}", []),
        Case("{ { \(hash):out }}", []),
        Case("\(hash):out", []),
        Case(whole, [0..<42]),
        Case("é\(whole)é", [2..<44]),
        Case(whole + whole, [0..<42, 42..<84]),
        Case("{\(whole)}", [1..<43]),
        Case("{{\(whole)", [2..<44]),
        Case("{{ {{ \(hash):a }} }}", [3..<43]),
        Case("{{ \(hash):\(String(repeating: "a", count: 64)) }}", [0..<103]),
        Case("{{\(hash):out }}", nil),
        Case("{{  \(hash):out }}", nil),
        Case("{{ \(hash):out}}", nil),
        Case("{{ \(hash):out  }}", nil),
        Case("{{ \(hash):out }", nil),
        Case("{{ \(hash):out", nil),
        Case("{{ \(hash):", nil),
        Case("{{ \(hash): }}", nil),
        Case("{{ \(hash):Out }}", nil),
        Case("{{ \(hash):o-t }}", nil),
        Case("{{ \(hash.uppercased()):out }}", nil),
        Case("{{ \(hash):\(String(repeating: "a", count: 65)) }}", nil),
        Case("\(whole) {{\(hash):out}}", nil),
    ]

    /// A derivation finds in its texts, which it looks through as JSON, what is found in each of them.
    @Test(arguments: cases)
    func derivationsFindThem(_ row: Case) throws {
        // What is escaped in JSON, before and behind, and so much that words begin elsewhere.
        let frames = [("", ""), ("\"", "\\"), ("\n{", "}"), ("\u{1}", "{{"), ("é: ", "\u{0}1234")]
        for (before, behind) in frames {
            let text = before + row.text + behind
            var fields = Derivation.Fields(name: try DerivationName("a"), builder: "/bin/\(text)")
            fields.platform = try Platform("linux-x86_64")
            fields.args = ["x", text, "{{"]
            fields.env = ["a{{": text, "b": "{", "c": text + text]
            let hasNUL = text.contains("\u{0}")
            let found = try? Set(Reference.scan(text).map(\.reference))
            guard let found, !hasNUL else {
                let error = #expect(throws: ValidationError.self) { try Derivation(fields) }
                let paths = error?.faults.map(\.path.description) ?? []
                #expect(paths.contains("$.builder") && paths.contains("$.args[1]"))
                #expect(paths.contains("$.env.c"))
                continue
            }
            #expect(Set(try Derivation(fields).references) == found, "\(text)")
            fields.env = ["b": "{", "c": text + text]
            #expect(Set(try Derivation(fields).references) == found, "\(text)")
        }
    }

    /// The name of a variable refers to nothing.
    @Test func namesOfVariablesAreNotLookedAt() throws {
        var fields = Derivation.Fields(name: try DerivationName("a"), builder: "/bin/x")
        fields.platform = try Platform("linux-x86_64")
        fields.env = [ReferenceTests.whole: "x", "{{\(ReferenceTests.hash):out }}": "y"]
        #expect(try Derivation(fields).references.isEmpty)
    }

    @Test(arguments: cases)
    func scanning(_ row: Case) throws {
        guard let found = row.found else {
            let fault = #expect(throws: Fault.self) { try Reference.scan(row.text) }
            #expect(fault?.code == .malformedReference)
            return
        }
        let occurrences = try Reference.scan(row.text)
        #expect(occurrences.map(\.range) == found)
        let bytes = Array(row.text.utf8)
        for occurrence in occurrences {
            let text = String(decoding: bytes[occurrence.range], as: UTF8.self)
            #expect(occurrence.reference.description == text)
        }
        #expect(try Reference.replace(in: row.text) { $0.description } == row.text)
    }

    @Test func replacing() throws {
        let text = "-L\(ReferenceTests.whole)/lib:{{ x }}:\(ReferenceTests.whole)é"
        let replaced = try Reference.replace(in: text) { reference throws(Fault) in
            "<\(reference.output)>"
        }
        #expect(replaced == "-L<out>/lib:{{ x }}:<out>é")
    }

    @Test func resolving() throws {
        let graph = try SampleGraphs.everything()
        let program = try #require(graph.derivations.first { $0.name.description == "program" })
        let name = try StoreName(ReferenceTests.hash)
        var inputs = ResolvedDerivation.Inputs()
        for reference in program.references { inputs.outputs[reference] = name }
        inputs.sources = Digest(of: [])
        let resolved = try ResolvedDerivation(program, inputs)
        #expect(resolved.inputs == [name])
        #expect(resolved.args == ["build.sh", "\(StorePath(name))", "\(StorePath(name))"])
        #expect(resolved.links["/usr/lib/cc"] == "\(StorePath(name))/lib")
        #expect(!String(decoding: resolved.canonicalJSON, as: UTF8.self).contains("{{ abc"))
        // What a build depends on is what it says, and which objects those are.
        #expect(try ResolvedDerivation(program, inputs).key == resolved.key)
        inputs.sources = Digest(of: [1])
        #expect(try ResolvedDerivation(program, inputs).key != resolved.key)
        inputs.sources = nil
        #expect(throws: ValidationError.self) { try ResolvedDerivation(program, inputs) }
        #expect(throws: ValidationError.self) { try ResolvedDerivation(program, .init()) }
    }
}
