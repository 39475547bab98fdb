import Glibc
import SourceDiagnostics
import Testing

@testable import Starlark

/// Deep trees: sound up to the limit, refused beyond it, on a thread with a small stack.
struct NestingTests {
    /// A construct that nests, repeated.
    struct Shape: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var make: @Sendable (Int) -> String

        /// `open` before and `close` behind the middle, as often as asked for.
        init(_ open: String, _ close: String = "", around middle: String = "1") {
            testDescription = open
            make = { count in
                "x = " + String(repeating: open, count: count) + middle
                    + String(repeating: close, count: count)
            }
        }

        /// A comprehension with so many clauses of one kind.
        init(clause: String) {
            testDescription = clause
            make = { count in
                "x = [1 for a in b" + String(repeating: clause, count: count) + "]"
            }
        }

        /// A block in a block.
        init(block header: String) {
            testDescription = header
            make = { count in
                let lines = (0..<count).map { String(repeating: " ", count: $0) + header + "\n" }
                return lines.joined() + String(repeating: " ", count: count) + "pass\n"
            }
        }
    }

    static let shapes = [
        Shape("(", ")"), Shape("(", ",)"), Shape("[", "]"), Shape("{1:", "}"), Shape("f(", ")"),
        Shape("f(a=", ")"), Shape("f(*", ")"), Shape("f(**", ")"), Shape("a[", "]"),
        Shape("a[:", "]"), Shape("not "), Shape("-"), Shape("lambda: "), Shape("lambda a=", ": 1"),
        Shape("1 if 1 else "), Shape("1 if (", ") else 1"), Shape("[", " for a in b]"),
        Shape("[1 for a in ", "]"), Shape("[1 for a in b if ", "]"), Shape("{1:", " for a in b}"),
        Shape("1 or 1 and 1 == 1 | 1 ^ 1 & 1 << 1 + 1 * (", ")"), Shape("", ".b", around: "a"),
        Shape("", "()", around: "a"), Shape("", "[0]", around: "a"),
        Shape("", ".b(1)[2]", around: "a"),
        Shape("[", "].a()"), Shape(clause: " for a in b"), Shape(clause: " if a"),
        Shape(block: "if a:"), Shape(block: "for a in b:"),
        Shape(block: "while a:"), Shape(block: "def f():"), Shape(block: "def f(a = [1]):"),
    ]

    /// The limit counts levels of the tree, and no construct here makes more than 20 a repetition.
    @Test(arguments: shapes)
    func shallowTreesAreSound(_ shape: Shape) throws {
        try onSmallStack {
            let file = SourceFile(name: "deep", text: shape.make(Parser.maximumHeight / 20))
            let tree = try SyntaxTree.parse(file)
            #expect(tree.brokenInvariant() == nil)
        }
    }

    /// Near the limit, whichever side of it, nothing breaks.
    @Test(arguments: shapes)
    func limit(_ shape: Shape) throws {
        try onSmallStack {
            for count in [30, 31, 60, 100, 140, 148, 149, 150, 151, 290, 298, 299, 300, 301] {
                let file = SourceFile(name: "deep", text: shape.make(count))
                let (tree, diagnostics) = SyntaxTree.parseTolerantly(file)
                #expect(tree.brokenInvariant() == nil)
                #expect(count <= 300 || !diagnostics.isEmpty)
            }
        }
    }

    @Test(arguments: shapes)
    func deepTreesAreRefused(_ shape: Shape) throws {
        try onSmallStack {
            for count in [1000, 20_000] {
                let text = shape.make(testCount(count, shape))
                let (tree, diagnostics) = SyntaxTree.parseTolerantly(
                    SourceFile(name: "deep", text: text))
                #expect(tree.brokenInvariant() == nil)
                #expect(diagnostics.first?.message == "nested too deeply")
            }
        }
    }

    /// Blocks make texts of quadratic size.
    private func testCount(_ count: Int, _ shape: Shape) -> Int {
        shape.testDescription.hasSuffix(":") && shape.make(1).contains("\n")
            ? min(count, 1000) : count
    }

    /// What the parser lets through must not be too deep for the resolver and the compiler. Optimised, they do with
    /// as small a stack as the parser; else their frames are ten times as large.
    @Test(arguments: shapes)
    func deepTreesAreCompiled(_ shape: Shape) throws {
        try onSmallStack(sizeBytes: 8 << 20) {
            for count in [30, 100, 148, 280] {
                let text = "a, b, f = [], [], len\n" + shape.make(count)
                // Whether a rule of the language is broken does not matter here.
                _ = try? Program.compile(
                    SourceFile(name: "deep", text: text), dialect: .all, predeclared: [])
            }
        }
    }

    @Test func anOpenBracketNestsAsWell() throws {
        try onSmallStack {
            let file = SourceFile(name: "deep", text: String(repeating: "[", count: 100_000))
            let (_, diagnostics) = SyntaxTree.parseTolerantly(file)
            #expect(diagnostics.first?.message == "nested too deeply")
        }
    }

    /// Runs a closure on a thread with a small stack; 512 KiB is what secondary threads have where
    /// they have the least.
    private func onSmallStack(
        sizeBytes: Int = 512 << 10, _ body: @escaping @Sendable () throws -> Void
    ) throws {
        final class Task {
            let body: @Sendable () throws -> Void
            var failure: (any Error)?
            init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }
        }
        let task = Task(body)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, sizeBytes)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(task).toOpaque()
        let code = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                let task = Unmanaged<Task>.fromOpaque(context).takeRetainedValue()
                do { try task.body() } catch { task.failure = error }
                return nil
            }, context)
        #expect(code == 0)
        pthread_join(thread, nil)
        if let failure = task.failure { throw failure }
    }
}
