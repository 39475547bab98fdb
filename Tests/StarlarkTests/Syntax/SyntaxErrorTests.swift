import SourceDiagnostics
import Starlark
import TestKit
import Testing

/// What users see for each mistake. The golden files are the tables: source by source, in the order
/// here.
struct SyntaxErrorTests {
    private func sheet(_ sources: [String]) -> String {
        sources.map { rendered(Array($0.utf8)) }.joined(separator: "\n")
    }

    private func rendered(_ bytes: [UInt8]) -> String {
        let file = SourceFile(name: "BUILD", bytes: bytes)
        do throws(SyntaxErrors) {
            _ = try SyntaxTree.parse(file)
            return "no error: \(String(decoding: bytes, as: UTF8.self))\n"
        } catch {
            return DiagnosticRenderer().render(error.diagnostics)
        }
    }

    @Test func tokens() throws {
        let sources = [
            "x = 1 ! 2", "x = $a", "x = “a”", "x = a\u{A0}+ b", "x = a ? b : c", "x = a \\ b", "\\",
            "x = \u{1}", "x = )", "f(a]", "x = 0x", "x = 0xg", "x = 0o8", "x = 0b2",
            "x = 0123", "x = 089", "x = 1e", "x = 1e+", "x = 1e309", "x = 1.5.2", "x = 1a",
            "x = 1_000", "x = 10L", "x = a\u{FEFF}",
        ]
        try GoldenFile("TokenErrors.txt").check(sheet(sources))
    }

    @Test func strings() throws {
        let sources = [
            "x = 'abc", "x = \"abc\ny = 1\n", "x = '''abc\ndef", "x = r'a\nb'\ny = 1 +\n",
            "x = \"a\\", "f('abc\n  , 1)\ny = 2 +\n",
            #"x = "\w+\d""#, #"x = "\xf""#, #"x = "\xfg""#, #"x = "\x80""#, #"x = "\377""#,
            #"x = b"\400""#, #"x = "\u12""#, #"x = "\ud800""#, #"x = "\U00110000""#,
            #"x = "\U0001f60""#, #"x = "\é""#, #"x = f"{a}""#, #"x = "a" "b""#,
        ]
        try GoldenFile("StringErrors.txt").check(sheet(sources))
    }

    @Test func encoding() throws {
        let texts: [[UInt8]] = [
            Array("x = \"".utf8) + [0xFF] + Array("\"\n".utf8),
            Array("# ".utf8) + [0xC3, 0x28], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80], Array("x = 1\ny = é\n".utf8) + [0x80],
        ]
        try GoldenFile("EncodingErrors.txt").check(texts.map(rendered).joined(separator: "\n"))
    }

    @Test func expressions() throws {
        let sources = [
            "x =", "x = 1 +\ny = 2", "x = a b", "x = (a", "x = [a, b", "x = {a: b", "x = {a}",
            "x = {a: b, c}", "f(a b)", "f(a", "f(a for a in b)", "x = (a for a in b)",
            "x = [a b]", "x = [\n  \"a\",\n  \"b\"\n  \"c\",\n]", "x = (,)", "x = [,]",
            "a < b < c", "a == b != c", "a in b not in c", "a not b", "a + not b", "x = - not a",
            "a if b", "a if b else", "x = *a", "x = a ** b", "a is b", "a, b = 1, 2,", "x = 1,",
            "a[]", "a[1,]", "a[1:2:3:4]", "a.1", "a.if", "x = lambda: ", "x = lambda x y: x",
            "[a for b]", "[a for b in c d]", "[a for b in c, d]", "[a for b in c if d else e]",
            "[a for b in lambda: c]", "[a if b]", "[for a in b]", "x = class", "x = None None",
            "f(a=b=c)", "f(1 = 2)", "f(a.b = c)", "f(*)", "a := 1", "x = (a, b = c)",
        ]
        try GoldenFile("ExpressionErrors.txt").check(sheet(sources))
    }

    @Test func statements() throws {
        let sources = [
            "if a\n  b", "if a:\nb", "if a:", "if a = b:\n  c\n", "else:\n  a", "elif a:\n  b",
            "def f:\n  a", "def f(a:\n  b", "def class():\n  a", "def f(a, if): pass",
            "def (): pass",
            "for a b:\n  c", "for a in b\n  c", "for a, in b: c", "for f() in b: c", "while:\n  a",
            "  a", "a\n  b\nc", "if a:\n    b\n  c\nd", "if a:\n  b\n      c\n", "if a: if b: c",
            "import os", "from a import b", "class A:\n  def f(self):\n    pass\nx = 1 +",
            "try:\n  a\nexcept:\n  b\n", "raise a", "with a as b:\n  c", "del a", "global a",
            "yield a", "a = b = c", "pass a", "return return", "x = 1;;", ";", "load = 1",
            "load(\"a\")", "load(\"a\", b)", "load(\"a\", b=c)", "load(a, \"b\")", "load(\"a\", 1)",
            "load(\"a\" \"b\")", "load(\"a\", \"b\"", "f(load(\"a\", \"b\"))", "a: int = 1",
            "def f() -> int: pass", "@a\ndef f(): pass", "print \"hello\"",
        ]
        try GoldenFile("StatementErrors.txt").check(sheet(sources))
    }

    @Test func rules() throws {
        let sources = [
            "f(a=1, 2)", "f(*a, 1)", "f(**a, 1)", "f(*a, b=1)", "f(**a, b=1)", "f(*a, *b)",
            "f(**a, **b)", "f(**a, *b)", "f(a=1, b=2, a=3, a=4)",
            "def f(a=1, b): pass", "def f(**a, b): pass", "def f(**a, b=1): pass",
            "def f(**a, *b): pass", "def f(**a, **b): pass", "def f(*a, *b): pass",
            "def f(*, *a): pass", "def f(*): pass", "def f(*, **a): pass", "def f(a, b, a): pass",
            "def f(a, *a): pass", "def f(*a, **a): pass", "x = lambda a, a: a",
            "1 = a", "a + b = c", "-a = b", "f() = a", "a if b else c = d", "[a for b in c] = d",
            "{} = a", "{a: b} = c", "(lambda: a) = b", "a[1:2] = b", "a, 1 = b",
            "[a, [b, f()]] = c",
            "\"a\" += b", "a, b += c", "[a] += b", "(a, b) -= c", "f() += 1", "a[:] += b",
            "for 1 in a: b", "[a for 1 in b]", "for a.b, f() in c: d",
        ]
        try GoldenFile("RuleErrors.txt").check(sheet(sources))
    }

    @Test func severalErrors() throws {
        let sources = [
            "x = 1 +\ny = (2\nz = 3\nw = 4 5\n",
            "def f(:\n  a b\n  c\n\ndef g():\n  d e\n  f(\n    1 2,\n    3,\n  )\n  h = = 1\nk l\n",
            "if a b:\n  c d\nelif e f:\n  g h\nelse:\n  i j\nk = 1\n",
            "f(\n  a = 1,\n  b = [1, 2,\n)\ng(\n  c = 3\n  d = 4\n)\nx y\n",
            "a = \"b\nc = 'd\ne = 1\nf g\n",
            "x = f(\"\"\"open\ny = 1\n",
            "a b \"\"\"open\nc = = d\n",
            (0..<40).map { "x\($0) = = 1\n" }.joined(),
        ]
        let text = sources.map { source in
            let file = SourceFile(name: "BUILD", text: source)
            let (tree, diagnostics) = SyntaxTree.parseTolerantly(file)
            let errors = SyntaxErrors(diagnostics).map { "\($0)\n" } ?? "no errors\n"
            return "\(source)----\n\(errors)----\n\(tree.statements.map(Outline.text))\n"
        }
        try GoldenFile("SeveralErrors.txt").check(text.joined(separator: "\n====\n"))
    }
}
