import SourceDiagnostics
import Testing

@testable import Starlark

/// Texts that are broken, or made to break the parser.
struct RobustnessTests {
    /// One of everything.
    static let sample = """
        # A comment.
        load("//a:b.bzl", "c", d = "e")

        \"\"\"Text
        of two lines.\"\"\"

        X = {"a": [1, 0x2, 0o7, 0b1, 1.5e3, .5], 'b': (1,), "\\u4e16\\n": r'\\d'}  # trailing
        Y, (Z, W) = 1, [2, 99999999999999999999999]

        def f(a, b = 1, *args, c, d = "x" + "y", **kwargs):
        \tfor i, j in [(k, -k) for k in range(10) if k % 2 == 0 if not k]:
        \t\tif i < j and a not in b or not c: continue
        \t\telif i == j:
        \t\t\tX["é世😀"] += lambda x, *y: x[1:2, ::-1] if y else {z: ~z for z in y}
        \t\telse:
        \t\t\tbreak; pass
        \treturn f(a, b = (1 << 2) | 3, *args, **kwargs)

        cc_library(
            name = "x",
            deps = [
                ":y",  # why
                "//z",
            ] + select({"a": []}),
        )
        b = b"\\xff" if a.b.c(d)[e] else \\
            rb'''raw'''

        """.replacing("[1:2, ::-1]", with: "[1:2:-1]")

    private func check(_ bytes: [UInt8]) {
        let file = SourceFile(name: "test.star", bytes: bytes)
        let (tree, diagnostics) = SyntaxTree.parseTolerantly(file)
        #expect(tree.brokenInvariant() == nil)
        for diagnostic in diagnostics {
            #expect(diagnostic.span.start <= diagnostic.span.end)
            #expect(Int(diagnostic.span.end) <= bytes.count)
            #expect(!DiagnosticRenderer().render(diagnostic).isEmpty)
        }
        #expect(diagnostics.count <= 20)
    }

    @Test func theSampleIsSound() throws {
        let tree = try SyntaxTree.parse(SourceFile(name: "sample", text: Self.sample))
        #expect(tree.brokenInvariant() == nil)
        #expect(tree.comments.count == 3)
    }

    @Test func everyTruncation() {
        let bytes = Array(Self.sample.utf8)
        for count in 0...bytes.count { check(Array(bytes[..<count])) }
    }

    @Test func everyMissingByte() {
        let bytes = Array(Self.sample.utf8)
        for index in bytes.indices {
            check(Array(bytes[..<index]) + Array(bytes[(index + 1)...]))
        }
    }

    @Test func randomTokens() {
        let words = [
            "if", "else", "elif", "for", "in", "not", "and", "def", "lambda", "load", "return", "x",
            "1", "\"s\"", "'", "\"\"\"", "(", ")", "[", "]", "{", "}", ":", ",", "=", "==", "*",
            "**", "+", "-", ".", ";", "\n", "\n  ", "\n    ", "\n\t", "\\", "\\\n", "#", "é", "\r",
            " ", "while", "class", "+=", "<", "!", "b\"", "r'", "0x", "1e",
        ]
        for seed in 0..<400 {
            var state = UInt64(seed)
            func next(_ bound: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % bound
            }
            let text = (0..<next(200)).map { _ in words[next(words.count)] }
            check(Array(text.joined(separator: next(2) == 0 ? "" : " ").utf8))
        }
    }

    @Test func randomBytes() {
        for seed in 0..<200 {
            var state = UInt64(seed)
            let bytes = (0..<200).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 40) & (seed < 100 ? 0x7F : 0xFF)
            }
            check(bytes)
        }
    }

    // MARK: Size

    /// A long text under a short name.
    struct LongText: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var make: @Sendable () -> String

        init(_ name: String, _ make: @escaping @Sendable () -> String) {
            testDescription = name
            self.make = make
        }

        init(_ part: String, times count: Int) {
            self.init(part.debugDescription) { String(repeating: part, count: count) }
        }
    }

    @Test(arguments: [
        LongText("list") { "x = [" + String(repeating: "\"abc\", ", count: 200_000) + "]" },
        LongText("sum") { "x = " + String(repeating: "1 + ", count: 200_000) + "1" },
        LongText("arguments") { "f(" + (0..<50_000).map { "a\($0) = 1, " }.joined() + ")" },
        LongText("parameters") {
            "def f(" + (0..<50_000).map { "a\($0), " }.joined() + "): pass"
        },
        LongText("elif") { "if a:\n  b\n" + String(repeating: "elif a:\n  b\n", count: 50_000) },
        LongText("string") { "x = \"" + String(repeating: "a", count: 2_000_000) + "\"" },
        LongText("int") { "x = " + String(repeating: "9", count: 500_000) },
        LongText("#\n", times: 500_000),
        LongText("x;", times: 200_000),
    ])
    func longTextsTakeLinearTime(_ text: LongText) throws {
        let tree = try SyntaxTree.parse(SourceFile(name: "long", text: text.make()))
        #expect(tree.brokenInvariant() == nil)
    }

    @Test(arguments: [
        LongText("x = \"abc\n", times: 100_000),
        LongText("(\n", times: 100_000),
        LongText("x = ''' a\n", times: 100_001),
        LongText("'''", times: 100_001),
        LongText("a b (\n", times: 100_000),
        LongText(")", times: 50_000),
        LongText("!", times: 50_000),
        LongText("\\\n", times: 500_000),
        LongText("repeated argument") { "f(" + String(repeating: "a = 1, ", count: 100_000) + ")" },
        LongText("stairs") {
            (0..<3000).map { String(repeating: " ", count: $0 % 500) + "x\n" }.joined()
        },
        LongText("old octal") { "x = 0" + String(repeating: "7", count: 1_000_000) },
        LongText("float") { "x = " + String(repeating: "1", count: 1_000_000) + "e999" },
    ])
    func wrongTextsTakeLinearTime(_ text: LongText) {
        check(Array(text.make().utf8))
    }
}
