import SourceDiagnostics
import Starlark
import Testing

struct CompletenessTests {
    private func completeness(_ text: String) -> SyntaxTree.Completeness {
        SyntaxTree.completeness(of: SourceFile(name: "<stdin>", text: text))
    }

    @Test(arguments: [
        "", "\n", "# comment\n", "a\n", "a", "a = 1; b = 2\n", "f(\n  a,\n)\n", "'''a\nb'''\n",
        "def f():\n  pass\n\n", "if a: b\n\n", "if a:\n  b\n  \n", "a \\\n + b\n",
        "def f():\n  pass\n\nx = 1\n",
    ])
    func complete(_ text: String) {
        #expect(completeness(text) == .complete)
    }

    @Test(arguments: [
        "f(", "f(\n", "f(a,\n", "[\n# c\n", "{1:\n", "x = (1 +\n", "'''a", "\"\"\"a\nb\n", "a \\\n",
        "def f():\n", "def f():", "def f(", "if a:\n  b\n", "if a: b\n", "for a in b:\n",
        "if a:\n  b\nelse:\n", "def f():\n  if a:\n    b\n", "def f():\n  return [\n", "x = 'a\\\n",
        "x = [a if b\n", "a \\",
    ])
    func incomplete(_ text: String) {
        #expect(completeness(text) == .incomplete)
    }

    @Test(arguments: [
        ")\n", "a b\n", "f(]\n", "'a\n", "x = \n", "def f(:\n", "1 = a\n", "f(a b\n", "if a\n",
        "def f(a, a):\n", "a $\n", "  a\n", "f(a\n  b c)\n",
    ])
    func wrong(_ text: String) {
        #expect(completeness(text) == .wrong)
    }
}
