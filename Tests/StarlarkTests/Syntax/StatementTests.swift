import Testing

struct StatementTests {
    @Test(arguments: [
        ParsingCase("", ""),
        ParsingCase("\n\n# only a comment", ""),
        ParsingCase("a", "a"),
        ParsingCase("a; b; c;", "a\nb\nc"),
        ParsingCase("a = b", "(= a b)"),
        ParsingCase("a, b = b, a", "(= (tuple a b) (tuple b a))"),
        ParsingCase("(a, b,) = c", "(= [(tuple a b)] c)"),
        ParsingCase("[a, (b, c)] = d", "(= (list a [(tuple b c)]) d)"),
        ParsingCase("[] = a", "(= (list) a)"),
        ParsingCase("() = a", "(= [(tuple)] a)"),
        ParsingCase("a.b = c", "(= (. a b) c)"),
        ParsingCase("a[b] = c", "(= (at a b) c)"),
        ParsingCase("a += b", "(+= a b)"),
        ParsingCase("a[b].c <<= d", "(<<= (. (at a b) c) d)"),
        ParsingCase("(a) -= b", "(-= [a] b)"),
        ParsingCase("a*=1;a/=1;a//=1;a%=1", "(*= a 1)\n(/= a 1)\n(//= a 1)\n(%= a 1)"),
        ParsingCase("a&=1;a|=1;a^=1;a>>=1", "(&= a 1)\n(|= a 1)\n(^= a 1)\n(>>= a 1)"),
        ParsingCase("pass; break; continue", "pass\nbreak\ncontinue"),
        ParsingCase("return", "(return)"),
        ParsingCase("return; return a, b", "(return)\n(return (tuple a b))"),
        ParsingCase("assert.eq(a, b)", "(call (. assert eq) a b)"),
    ])
    func simple(_ test: ParsingCase) throws {
        #expect(try Outline.of(test.source) == test.result)
    }

    @Test(arguments: [
        ParsingCase("load(\"a\", \"b\")", "(load \"a\" b=b)"),
        ParsingCase("load(\"a\", \"b\", c=\"d\",)", "(load \"a\" b=b c=d)"),
        ParsingCase("load(\n  'a',\n  c = 'd',\n  'b',\n)", "(load \"a\" c=d b=b)"),
    ])
    func load(_ test: ParsingCase) throws {
        #expect(try Outline.of(test.source) == test.result)
    }

    @Test(arguments: [
        ParsingCase("if a: b", "(if a {b})"),
        ParsingCase("if a: b; c\nd", "(if a {b; c})\nd"),
        ParsingCase("if a:\n  b\n  c\nd", "(if a {b; c})\nd"),
        ParsingCase("if a:\n  b\nelse:\n  c", "(if a {b} {c})"),
        ParsingCase(
            "if a: b\nelif c: d\nelif e: f\nelse: g",
            "(if a {b} {(elif c {d} {(elif e {f} {g})})})"),
        ParsingCase("if a: b\nelif c: d", "(if a {b} {(elif c {d})})"),
        ParsingCase("if a:\n  if b:\n    c\n  else:\n    d\ne", "(if a {(if b {c} {d})})\ne"),
        ParsingCase("if a:\n  if b:\n    c\nelse:\n  d", "(if a {(if b {c})} {d})"),
        ParsingCase("for a in b: c", "(for a b {c})"),
        ParsingCase("for a, b in c, d:\n  e", "(for (tuple a b) (tuple c d) {e})"),
        ParsingCase("for (a, b), c in d: e", "(for (tuple [(tuple a b)] c) d {e})"),
        ParsingCase("while a: b", "(while a {b})"),
        ParsingCase("def f(): pass", "(def f () {pass})"),
        ParsingCase(
            "def f(a, b=1, *c, d, e=2, **g):\n\treturn a",
            "(def f (a b=1 *c only:d only:e=2 **g) {(return a)})"),
        ParsingCase("def f(\n  a,\n  *,\n  b,\n):\n  pass", "(def f (a * only:b) {pass})"),
        ParsingCase(
            "def f():\n  def g():\n    pass\n  return g",
            "(def f () {(def g () {pass}); (return g)})"),
    ])
    func compound(_ test: ParsingCase) throws {
        #expect(try Outline.of(test.source) == test.result)
    }

    @Test(arguments: [
        ParsingCase("if a:\n  b\n\n\n  c", "(if a {b; c})"),
        ParsingCase("if a:\n  b\n# at the margin\n  c", "(if a {b; c})"),
        ParsingCase("if a:\n      # deeper\n  b", "(if a {b})"),
        ParsingCase("if a:\n  b\n   \n  c", "(if a {b; c})"),
        ParsingCase("if a: # comment\n  b # comment\n", "(if a {b})"),
        ParsingCase("if a:\n  b\n    # deeper at the end", "(if a {b})"),
        ParsingCase("if a:\n  b \\\n", "(if a {b})"),
        ParsingCase("if a:\n\tb\n        c", "(if a {b; c})"),
        ParsingCase("if a:\n  \tb\n\tc", "(if a {b; c})"),
        ParsingCase("if a:\n  f(\nb\n)\n  c", "(if a {(call f b); c})"),
        ParsingCase("a = b + \\\n      c", "(= a (+ b c))"),
        ParsingCase("if a:\r\n  b\r\n  c\r\nd", "(if a {b; c})\nd"),
        ParsingCase("if a:\r  b\r  c\rd", "(if a {b; c})\nd"),
        ParsingCase("a = b + \\\r\n c", "(= a (+ b c))"),
        ParsingCase("\u{FEFF}a", "a"),
        ParsingCase("if a:\n  b\n  ", "(if a {b})"),
    ])
    func lines(_ test: ParsingCase) throws {
        #expect(try Outline.of(test.source) == test.result)
    }
}
