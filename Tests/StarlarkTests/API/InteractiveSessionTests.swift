import SourceDiagnostics
import Starlark
import Testing

@Suite struct InteractiveSessionTests {
    /// What each text of a session shows.
    private func transcript(_ texts: [String], environment: Environment = Environment()) -> [String]
    {
        let session = InteractiveSession(environment: environment, dialect: .all)
        return texts.map { text in
            do {
                return try session.run(SourceFile(name: "input", text: text))?.description ?? ""
            } catch let error as EvaluationError {
                return "error: \(error.message)"
            } catch let errors as SyntaxErrors {
                return "syntax: \(errors.diagnostics[0].message)"
            } catch {
                return "\(error)"
            }
        }
    }

    @Test func textsShareWhatTheyBind() {
        #expect(
            transcript([
                "x = [1]", "x", "x.append(2)", "x", "def f(y): return x + [y]", "f(3)",
                "x = 'new'", "x", "f(4)", "x += '!'", "x", "if True:\n  x = 1\nx", "",
            ]) == [
                "", "[1]", "None", "[1, 2]", "", "[1, 2, 3]", "", "\"new\"", "[1, 2, 4]", "",
                "\"new!\"", "1", "",
            ])
    }

    @Test func onlyTheLastExpressionCounts() {
        #expect(
            transcript(["1; 2", "1; x = 2", "'text'", "(1,\n 2)"]) == [
                "2", "", "\"text\"", "(1, 2)",
            ])
    }

    @Test func errorsLeaveTheSessionUsable() {
        #expect(
            transcript([
                "x = 1", "y = 2; 1 // 0; z = 3", "(x, y)", "z", "x = (", "x.a", "x",
                "def f():\n  return [i for i in range(3)][5]", "f()", "f",
            ]) == [
                "", "error: floored division by zero", "(1, 2)", "syntax: undefined: z",
                "syntax: got end of file, want primary expression",
                "error: int has no .a field or method", "1", "",
                "error: list index 5 out of range [-3:2]", "<function f>",
            ])
    }

    @Test func environmentsCanBeHidden() throws {
        var environment = Environment()
        try environment.define("x", 10)
        #expect(
            transcript(["x", "x = x + 1", "x", "len = 3", "len"], environment: environment)
                == ["10", "", "11", "", "3"])
    }

    @Test func loadsAreKept() throws {
        let library = try HostFixture.run("a = 1\ndef b(): return a")
        let session = InteractiveSession()
        session.evaluator.setLoadHandler { _ in library }
        _ = try session.run(SourceFile(name: "i", text: "load('lib', 'b', c = 'a')"))
        #expect(try session.run(SourceFile(name: "i", text: "b() + c"))?.as() == 2)
        #expect(session.names == ["b", "c"])
    }

    /// What the session has bound survives collections, which move it.
    @Test func bindingsSurviveCollections() throws {
        let session = InteractiveSession(dialect: .all)
        func run(_ text: String) throws -> String? {
            try session.run(SourceFile(name: "i", text: text))?.description
        }
        _ = try run("keep = {str(i): [i] for i in range(100)}\ndef get(k): return keep[k]")
        _ = try run("old = keep['1']")
        for _ in 0..<3 {
            _ = try run("for i in range(100000): junk = [i, str(i)]")
            _ = try run("keep['1'].append('x')")
        }
        #expect(
            try run("(get('1'), old, get('99'))")
                == #"([1, "x", "x", "x"], [1, "x", "x", "x"], [99])"#)
    }
}
