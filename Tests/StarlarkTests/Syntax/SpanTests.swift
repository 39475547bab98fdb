import SourceDiagnostics
import Testing

@testable import Starlark

struct SpanTests {
    private func parse(_ text: String) throws -> SyntaxTree {
        try SyntaxTree.parse(SourceFile(name: "test.star", text: text))
    }

    /// The texts of all statements, expressions and parameters, parents first.
    private func texts(_ source: String) throws -> [String] {
        let tree = try parse(source)
        #expect(tree.brokenInvariant() == nil)
        var texts: [String] = []
        tree.walk { element in
            switch element {
            case .statement(let statement): texts.append(tree.file.text(of: statement.span))
            case .expression(let expression): texts.append(tree.file.text(of: expression.span))
            case .parameter(let parameter): texts.append(tree.file.text(of: parameter.span))
            }
            return true
        }
        return texts
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var source: String
        var texts: [String]

        init(_ source: String, _ texts: [String]) {
            self.source = source
            self.texts = texts
        }

        var testDescription: String { source.debugDescription }
    }

    @Test(arguments: [
        Case("a + b * c  # d", ["a + b * c", "a + b * c", "a", "b * c", "b", "c"]),
        Case("(a) . b", ["(a) . b", "(a) . b", "(a)", "a"]),
        Case("a + b not in c", ["a + b not in c", "a + b not in c", "a + b", "a", "b", "c"]),
        Case("f ( x = 1, *y )", ["f ( x = 1, *y )", "f ( x = 1, *y )", "f", "1", "y"]),
        Case("x = a , b ;y", ["x = a , b", "x", "a , b", "a", "b", "y", "y"]),
        Case("( a , )", ["( a , )", "( a , )", "a ,", "a"]),
        Case("()", ["()", "()", "()"]),
        Case("a[1:]", ["a[1:]", "a[1:]", "a", "1"]),
        Case("- a", ["- a", "- a", "a"]),
        Case("a if b else c", ["a if b else c", "a if b else c", "a", "b", "c"]),
        Case(
            "lambda a , *b: c",
            ["lambda a , *b: c", "lambda a , *b: c", "a", "*b", "c"]),
        Case(
            "[a for b in c if d ]",
            ["[a for b in c if d ]", "[a for b in c if d ]", "a", "b", "c", "d"]),
        Case("{a : b}", ["{a : b}", "{a : b}", "a", "b"]),
        Case(
            "def f(a = 1): \n  return a \n\n\nb",
            ["def f(a = 1): \n  return a", "a = 1", "1", "return a", "a", "b", "b"]),
        Case(
            "if a:\n  b\nelif c:\n  d\nelse:\n  e\n# end",
            [
                "if a:\n  b\nelif c:\n  d\nelse:\n  e", "a", "b", "b",
                "elif c:\n  d\nelse:\n  e", "c", "d", "d", "e", "e",
            ]),
        Case(
            "for a, b in c: pass\n",
            ["for a, b in c: pass", "a, b", "a", "b", "c", "pass"]),
        Case("load('m', 'a', b = 'c')", ["load('m', 'a', b = 'c')", "'m'"]),
        Case(
            "x = r'a' + \"\"\"b\n\"\"\"",
            [
                "x = r'a' + \"\"\"b\n\"\"\"", "x", "r'a' + \"\"\"b\n\"\"\"", "r'a'",
                "\"\"\"b\n\"\"\"",
            ]),
    ])
    func spans(_ test: Case) throws {
        #expect(try texts(test.source) == test.texts)
    }

    @Test func names() throws {
        let source = """
            load("m", "a", b = "c")
            def  \\
             f(x, y = 1, *args, z, **kw): return x.long . name
            """
        let tree = try parse(source)
        let file = tree.file
        guard case .load(_, let bindings) = tree.statements[0].kind,
            case .def(let function) = tree.statements[1].kind,
            case .return(let value?) = function.body[0].kind,
            case .attribute(let base, "name", let nameSpan) = value.kind
        else {
            Issue.record("unexpected structure")
            return
        }
        #expect(bindings.map { file.text(of: $0.span) } == ["\"a\"", "b = \"c\""])
        #expect(bindings.map { file.text(of: $0.originalSpan) } == ["\"a\"", "\"c\""])
        #expect(file.text(of: function.nameSpan) == "f")
        #expect(
            function.parameters.map { file.text(of: $0.nameSpan) } == ["x", "y", "args", "z", "kw"])
        #expect(file.text(of: nameSpan) == "name")
        #expect(file.text(of: base.span) == "x.long")
    }

    @Test func comments() throws {
        let tree = try parse("# a\nx = [  # b\n  # c\n  1,\n]\n\n  # d\ny  # e")
        #expect(tree.comments.map(tree.file.text(of:)) == ["# a", "# b", "# c", "# d", "# e"])
        // Text that was scanned twice on the way past an error counts once.
        let file = SourceFile(name: "f", text: "f(a b # 1\n)\n# 2\nx y '''z\n# 3\nw\n")
        let (broken, _) = SyntaxTree.parseTolerantly(file)
        #expect(Set(broken.comments.map(\.start)).count == broken.comments.count)
    }

    @Test func documentation() throws {
        let tree = try parse("\"\"\"File.\"\"\"\ndef f():\n  'Function.'\ndef g():\n  b''\n")
        let functions = tree.statements.compactMap { statement in
            if case .def(let function) = statement.kind { function } else { nil }
        }
        #expect(tree.documentation == "File.")
        #expect(functions.map(\.documentation) == ["Function.", nil])
    }

    @Test func walking() throws {
        let tree = try parse("a = f(b)\nif c: d\n")
        var visited = 0
        tree.walk { element in
            visited += 1
            if case .statement = element { return false }
            return true
        }
        #expect(visited == 2)
        let at = { (offset: UInt32) in
            tree.expression(at: offset).map { tree.file.text(of: $0.span) }
        }
        #expect(at(0) == "a" && at(2) == nil && at(4) == "f" && at(5) == "f(b)" && at(6) == "b")
        #expect(at(15) == "d" && at(99) == nil)
    }

    /// Each name once, wherever it stands.
    @Test func allNamesAreWalked() throws {
        let source = """
            load("m", x = "y")
            def f(p = a + b, *args, **kwargs):
                return c(d + e, not g, k = -h, *i, **j)[l:m:n].o
            q += [r if s and t else u for v, w in z if not aa]
            while {bb: cc in dd}: (lambda ee = ff | gg: hh)(ii() + jj)
            """
        var names: [String] = []
        try parse(source).walk { element in
            if case .expression(let expression) = element, case .name(let name) = expression.kind {
                names.append(name)
            }
            return true
        }
        let expected =
            "a b c d e g h i j l m n q r s t u v w z aa bb cc dd ff gg hh ii jj"
        #expect(names.sorted() == expected.split(separator: " ").map(String.init).sorted())
    }

    @Test func longChainsAreWalked() throws {
        let source = "x = 1" + String(repeating: " + 1", count: 100_000)
        var literals = 0
        try parse(source).walk { element in
            if case .expression(let expression) = element, case .int = expression.kind {
                literals += 1
            }
            return true
        }
        #expect(literals == 100_001)
    }
}
