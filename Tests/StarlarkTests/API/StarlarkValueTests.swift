import SourceDiagnostics
import Starlark
import Testing

@Suite struct StarlarkValueTests {
    static let kinds: [(String, StarlarkValue.Kind, String)] = [
        ("None", .none, "NoneType"), ("True", .bool, "bool"), ("1", .int, "int"),
        ("1 << 80", .int, "int"), ("1.5", .float, "float"), ("'a'", .string, "string"),
        ("b'a'", .bytes, "bytes"), ("[1]", .list, "list"), ("(1,)", .tuple, "tuple"),
        ("{1: 2}", .dict, "dict"), ("set([1])", .set, "set"), ("range(3)", .range, "range"),
        ("lambda: 1", .function, "function"), ("len", .builtin, "builtin_function_or_method"),
        ("struct(a = 1)", .structure, "struct"), ("'a'.elems()", .stringElements, "string.elems"),
    ]

    @Test(arguments: kinds)
    func valuesKnowTheirKind(_ source: String, _ kind: StarlarkValue.Kind, _ name: String) throws {
        var environment = Environment()
        environment.defineStruct()
        let value = try #require(
            try HostFixture.run("x = \(source)", environment: environment)["x"])
        #expect(value.kind == kind)
        #expect(value.typeName == name)
        #expect(value.isFrozen)
        #expect(value.isTruthy == (source != "None"))
        #expect(value.isCallable == (kind == .function || kind == .builtin))
    }

    @Test func elements() throws {
        let module = try HostFixture.run(
            """
            list = [1, "a", None]
            dict = {"b": 1, "a": [2]}
            range_ = range(1 << 62, (1 << 62) + 2)
            text = "aü".codepoints()
            """)
        let list = try #require(module["list"])
        #expect(list.count == 3)
        #expect(list[1]?.string == "a")
        #expect(list[3] == nil && list[-1] == nil)
        #expect(try list.elements().map(\.description) == ["1", "\"a\"", "None"])
        let dict = try #require(module["dict"])
        #expect(try dict["a"]?.description == "[2]")
        #expect(try dict["c"] == nil)
        #expect(dict.entries?.map { "\($0.key): \($0.value)" } == ["\"b\": 1", "\"a\": [2]"])
        #expect(try dict.elements().map(\.string) == ["b", "a"])
        #expect(
            try module["range_"]?.elements().map(\.description)
                == ["4611686018427387904", "4611686018427387905"])
        #expect(try module["text"]?.elements().map(\.string) == ["a", "ü"])
        #expect(throws: EvaluationError.self) { try StarlarkValue(1).elements() }
    }

    @Test func attributes() throws {
        var environment = Environment()
        environment.defineStruct()
        let value = try #require(
            try HostFixture.run("x = struct(b = [1], a = 2)", environment: environment)["x"])
        #expect(value.attributeNames == ["a", "b"])
        #expect(try value.attribute("b").description == "[1]")
        #expect(try value.attributeIfPresent("c") == nil)
        #expect(throws: EvaluationError.self) { try value.attribute("c") }
        #expect(try StarlarkValue("x").attribute("upper").isCallable)
    }

    @Test func equality() throws {
        #expect(try StarlarkValue([1, 2]) == StarlarkValue([1, 2]))
        #expect(try StarlarkValue(1) == StarlarkValue(1.0))
        #expect(try StarlarkValue("a") != StarlarkValue("b"))
        #expect(StarlarkValue.none != (try StarlarkValue(false)))
    }

    @Test func textOfValues() throws {
        #expect(try StarlarkValue("a").description == "\"a\"")
        #expect(try StarlarkValue("a").string == "a")
        #expect(try StarlarkValue(["a"]).string == "[\"a\"]")
    }

    /// The value stays usable, and the same, while the evaluation that it belongs to goes on.
    @Test func valuesOfAnEvaluationStayInPlace() throws {
        var kept: [StarlarkValue] = []
        let evaluator = Evaluator()
        let session = InteractiveSession()
        let made = try session.run(SourceFile(name: "a", text: "x = [[i] for i in range(10)]\nx"))
        kept.append(try #require(made))
        let churn = """
            def churn():
              for i in range(200000):
                y = [i, str(i)]
              x[0].append("end")
            churn()
            """
        _ = try session.run(SourceFile(name: "b", text: churn))
        #expect(kept[0][0]?.description == "[0, \"end\"]")
        kept = []
        _ = try session.run(SourceFile(name: "b", text: churn))
        #expect(session["x"]?[0]?.description == "[0, \"end\", \"end\"]")
        _ = evaluator
    }

    @Test func freezingCopies() throws {
        let session = InteractiveSession()
        _ = try session.run(SourceFile(name: "a", text: "x = [1, {'k': [2]}]"))
        let frozen = try #require(session["x"]).frozen()
        _ = try session.run(SourceFile(name: "b", text: "x[1]['k'].append(3)"))
        #expect(frozen.value.description == "[1, {\"k\": [2]}]")
        #expect(frozen.value.isFrozen)
        #expect(session["x"]?.description == "[1, {\"k\": [2, 3]}]")
        #expect(session["x"]?.isFrozen == false)
    }

    /// A value of one evaluation given to another is copied, so neither sees changes by the other.
    @Test func evaluationsDoNotShareMutableValues() throws {
        let one = InteractiveSession()
        _ = try one.run(SourceFile(name: "a", text: "x = [1]\ndef f(): return x"))
        let other = Evaluator()
        let append = try HostFixture.run("def append(l, i): l.append(i)\ndef get(f): return f()")
        let list = try #require(one["x"])
        let error = #expect(throws: EvaluationError.self) {
            try other.call(try #require(append["append"]), list, 2)
        }
        #expect(error?.message == "append: cannot append to frozen list")
        let got = try other.call(try #require(append["get"]), try #require(one["f"]))
        _ = try one.run(SourceFile(name: "a", text: "x.append(5)"))
        #expect(got.description == "[1]")
    }

    /// Values outlive the evaluator, the module and the program they came from.
    @Test func valuesKeepTheirMemory() throws {
        var values: [StarlarkValue] = []
        do {
            let session = InteractiveSession()
            _ = try session.run(
                SourceFile(name: "a", text: "x = [str(i) for i in range(5)]\ndef f(): return x"))
            values.append(try #require(session["x"]))
            values.append(try #require(session["f"]))
            values.append(try #require(try HostFixture.run("y = [1, 2]")["y"]))
            values.append(try HostFixture.run("y = range(9)").get("y"))
        }
        #expect(values[0].description == #"["0", "1", "2", "3", "4"]"#)
        #expect(try Evaluator().call(values[1]) == values[0])
        #expect(values[2].description == "[1, 2]")
        #expect(try values[3].elements().map(\.description).count == 9)
    }
}
