import BrambleModel
import TestKit
import Testing

/// What is said about graphs that are not valid. Each case is JSON in which `@NAME` stands for the
/// hash of a sample derivation, and `#NAME` for that derivation's JSON.
struct GraphFaultTests {
    /// A program without dependencies, one that refers to it, and a fetch.
    static func samples() throws -> [(name: String, derivation: Derivation)] {
        let tool = try Derivation(try SampleGraphs.fields("tool", builder: "/bin/tool"))
        var user = try SampleGraphs.fields("user", builder: try SampleGraphs.text(tool))
        user.args = ["a", "b " + (try SampleGraphs.text(tool)) + "/x"]
        user.env = ["PATH": try SampleGraphs.text(tool) + "/bin"]
        let fetch = try SampleGraphs.fetch("fetch", env: ["url": "https://example.org/x"])
        return [("tool", tool), ("user", try Derivation(user)), ("fetch", fetch)]
    }

    static let none = String(repeating: "n", count: 32)

    /// A derivation with one field changed or added.
    static func with(_ field: String, builder: String = "/bin/sh") -> String {
        #"{"@tool":{"builder":"\#(builder)","name":"x","platform":"linux-x86_64",\#(field)}}"#
    }

    static func fetch(_ env: String, _ more: String = "") -> String {
        #"{"@fetch":{"builder":"fetch_url","env":{\#(env)},"name":"x"\#(more)}}"#
    }

    private func sheet(_ cases: [(name: String, json: String)]) throws -> String {
        let samples = try GraphFaultTests.samples()
        return cases.map { name, json in
            var text = json
            for (name, derivation) in samples {
                let written = String(decoding: derivation.canonicalJSON, as: UTF8.self)
                text = text.replacing("#\(name)", with: written)
                text = text.replacing("@\(name)", with: derivation.hash.description)
            }
            let shown = text.count > 400 ? text.prefix(400) + "…" : text[...]
            return "==== \(name)\n\(shown)\n----\n\(report(text))\n"
        }.joined(separator: "\n")
    }

    private func report(_ text: String) -> String {
        do {
            _ = try DerivationGraph(json: Array(text.utf8))
            return "valid"
        } catch {
            for fault in error.faults {
                #expect((0...text.utf8.count).contains(fault.offset ?? -1), "\(fault)")
                #expect(fault.hint?.hasSuffix(".") != true, "\(fault)")
            }
            return error.faults.map { "\($0.code.rawValue): \($0)" }.joined(separator: "\n")
                + (error.omittedCount > 0 ? "\nand \(error.omittedCount) more" : "")
        }
    }

    private func repeated(_ letter: String) -> String { String(repeating: letter, count: 32) }

    private func graph(_ derivations: String, _ more: String = "") -> String {
        #"{"derivations":\#(derivations)\#(more),"schema":"bramble/derivation-graph/1"}"#
    }

    @Test func texts() throws {
        let cases: [(name: String, json: String)] = [
            ("empty text", ""),
            ("not an object", "[]"),
            ("no schema", "{}"),
            ("other schema", #"{"schema":"bramble/derivation-graph/9","more":[1]}"#),
            ("schema of another type", #"{"schema":1}"#),
            (
                "unknown and repeated fields",
                graph("{\"@tool\":#tool}", #","x":1,"roots":["@tool"],"roots":[]"#)
            ),
            ("text after the end", graph("{\"@tool\":#tool}") + "x"),
            ("broken in an argument", graph(GraphFaultTests.with(#""args":["a","b"#))),
            ("faults, then broken", graph(GraphFaultTests.with(#""args":[1,2],"x":tru"#))),
            ("trailing comma", graph(#"{"@tool":#tool,}"#)),
            ("too deep", graph(String(repeating: "[", count: 100))),
            ("a fraction", graph(GraphFaultTests.with(#""x":1.5"#))),
            ("valid", graph("{\"@user\":#user,\"@tool\":#tool}", #","roots":["@user"]"#)),
        ]
        try GoldenFile("FaultsOfTexts.txt").check(try sheet(cases))
    }

    @Test func graphs() throws {
        let none = GraphFaultTests.none
        let loop = { (key: String, other: String) in
            #""\#(key)":{"args":["{{ \#(other):out }}"],"builder":"/x","#
                + #""name":"\#(key.prefix(2))","platform":"a-b"}"#
        }
        let (a, b, c) = (repeated("a"), repeated("b"), repeated("c"))
        let cases: [(name: String, json: String)] = [
            ("derivations of another type", graph("[]")),
            ("a derivation of another type", graph(#"{"@tool":1}"#)),
            ("empty object and list", graph("{}", #","roots":[]"#)),
            ("key is no hash", graph(#"{"tool":#tool}"#)),
            ("wrong hash", graph("{\"\(none)\":#tool}")),
            ("derivation twice", graph(#"{"@tool":#tool,"@tool":#tool}"#)),
            ("missing root", graph(#"{"@tool":#tool}"#, #","roots":["\#(none)"]"#)),
            (
                "roots in disorder",
                graph(#"{"@tool":#tool}"#, #","roots":["@tool","\#(a)","@tool","@tool"]"#)
            ),
            ("root is no hash", graph(#"{"@tool":#tool}"#, #","roots":["x",1]"#)),
            ("missing dependency", graph(#"{"@user":#user}"#)),
            ("dependency with faults", graph(#"{"@user":#user,"@tool":{}}"#)),
            (
                "missing output",
                graph(
                    GraphFaultTests.with(#""env":{"A":"{{ @fetch:lib }}"}"#).dropLast()
                        + ",\"@fetch\":#fetch}")
            ),
            ("cycle of one", graph("{\(loop(a, a))}")),
            ("cycle of three", graph("{\(loop(c, a)),\(loop(a, b)),\(loop(b, c))}")),
        ]
        try GoldenFile("FaultsOfGraphs.txt").check(try sheet(cases))
    }

    @Test func derivations() throws {
        let with = { (field: String) in self.graph(GraphFaultTests.with(field)) }
        let reference = "{{ @tool:out }}"
        let cases: [(name: String, json: String)] = [
            ("nothing", graph(#"{"@tool":{}}"#)),
            (
                "all of the wrong type",
                graph(
                    #"{"@tool":{"args":"a","builder":[],"env":[],"links":1,"name":null,"#
                        + #""outputs":{},"platform":true,"sources":"a","target":2}}"#
                )
            ),
            ("all empty", with(#""args":[],"env":{},"links":{},"sources":{"paths":[]}"#)),
            ("defaults", with(#""outputs":["out"],"target":"linux-x86_64""#)),
            ("empty outputs", with(#""outputs":[]"#)),
            ("bad outputs", with(#""outputs":["Out","a","a",1,"a"]"#)),
            ("outputs twice", with(#""outputs":["a","b","a","a"]"#)),
            ("unknown field", with(#""arg":["x"]"#)),
            ("field twice", with(#""name":"y""#)),
            (
                "bad name and platform",
                graph(#"{"@tool":{"builder":"/x","name":"a b","platform":"Linux"}}"#)
            ),
            ("no platform", graph(#"{"@tool":{"builder":"/x","name":"a"}}"#)),
            ("arguments", with(#""args":["ok",1,null,["x"],"ok"]"#)),
            ("NUL", with(#""args":["a\u0000"],"env":{"A":"\u0000"}"#)),
            (
                "almost references",
                with(
                    #""args":["{{\#(GraphFaultTests.none):out}}"],"#
                        + #""env":{"A":"{{ \#(GraphFaultTests.none):Out }}"}"#
                )
            ),
            ("variables", with(#""env":{"":"","A=B":"","BRAMBLE_X":"","out":"","ok":1}"#)),
            ("variable twice", with(#""env":{"A":"1","B":"","A":"2"}"#)),
            (
                "source paths",
                with(#""sources":{"base":"/x","paths":["/a","a/../b","","a//b","c/","./d",1]}"#)
            ),
            ("package", with(#""sources":{"package":"/x","paths":["a"]}"#)),
            ("sources in disorder", with(#""sources":{"paths":["b","a","a","c"]}"#)),
            ("sources: fields", with(#""sources":{"files":["a"]}"#)),
            (
                "links",
                with(
                    #""links":{"bin/sh":"\#(reference)","/build/x":"\#(reference)","#
                        + #""/etc":"\#(reference)","/a":"x","/b":"\#(reference)x","#
                        + #""/c":"\#(reference)/../x","/d":"x\#(reference)","#
                        + #""/e":"\#(reference)","/e-":"\#(reference)","/e/f":"\#(reference)"}"#
                )
            ),
            (
                "wrong types and more",
                with(
                    #""args":[1,"\u0000"],"env":{"A":2,"out":3,"=":4,"#
                        + #""B":"{{ \#(GraphFaultTests.none):out }}"},"links":{"x":1},"#
                        + #""outputs":["out",5]"#
                )
            ),
            ("hostile text", with(#""\u001b[31m\u202e":1,"env":{"\u001b\"]":2}"#)),
        ]
        try GoldenFile("FaultsOfDerivations.txt").check(try sheet(cases))
    }

    @Test func builders() throws {
        let fetch = { (env: String, more: String) in self.graph(GraphFaultTests.fetch(env, more)) }
        let builder = { (name: String, field: String) in
            self.graph(GraphFaultTests.with(field, builder: name))
        }
        let url = #""url":"https://example.org/x""#
        let cases: [(name: String, json: String)] = [
            ("neither path nor builder", builder("sh", #""args":["x"]"#)),
            ("empty", builder("", #""args":["x"]"#)),
            ("fetch without a URL", fetch(#""hash":"x""#, "")),
            ("fetch without variables", graph(#"{"@fetch":{"builder":"fetch_url","name":"x"}}"#)),
            ("unknown variable", fetch(url + #","sha256":"x""#, "")),
            (
                "fields of programs",
                fetch(
                    url,
                    #","args":["x"],"links":{"/a":"{{ @tool:out }}"},"outputs":["a"],"#
                        + #""platform":"a-b","sources":{"paths":["a"]},"target":"c-d""#
                )
            ),
            (
                "values",
                fetch(
                    #""executable":"yes","hash":"sha256-0","strip_components":"-1","#
                        + #""unpack":"","url":"x""#,
                    "")
            ),
            ("ssh", fetch(#""url":"ssh://example.org/x""#, "")),
            ("contradictions", fetch(url + #","unpack":"true","executable":"true""#, "")),
            ("contradictions too", fetch(url + #","unpack":"false","strip_components":"1""#, "")),
            ("references", fetch(#""url":"https://example.org/{{ @tool:out }}""#, "")),
            (
                "git without a reference",
                graph(
                    #"{"@fetch":{"builder":"fetch_git","env":{"url":"git@example.org:x"},"#
                        + #""name":"x"}}"#
                )
            ),
            (
                "git with an option",
                graph(
                    #"{"@fetch":{"builder":"fetch_git","env":{"url":"ssh://example.org/x","#
                        + #""reference":"--upload-pack=x"},"name":"x"}}"#
                )
            ),
            ("nothing to run", builder("derivation_output", #""env":{"a":"b"}"#)),
            ("no program to run", builder("derivation_output", #""args":["python3"]"#)),
        ]
        try GoldenFile("FaultsOfBuilders.txt").check(try sheet(cases))
    }
}
