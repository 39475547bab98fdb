import Testing

struct ExpressionTests {
    @Test(arguments: [
        ParsingCase("a or b and c", "(or a (and b c))"),
        ParsingCase("a and b or c", "(or (and a b) c)"),
        ParsingCase("not a and b", "(and (not a) b)"),
        ParsingCase("not a == b", "(not (== a b))"),
        ParsingCase("not not a", "(not (not a))"),
        ParsingCase("a or not b", "(or a (not b))"),
        ParsingCase("a == b | c", "(== a (| b c))"),
        ParsingCase("a | b ^ c & d << e + f * g", "(| a (^ b (& c (<< d (+ e (* f g))))))"),
        ParsingCase("a * b + c << d & e ^ f | g", "(| (^ (& (<< (+ (* a b) c) d) e) f) g)"),
        ParsingCase("a - b - c", "(- (- a b) c)"),
        ParsingCase("a - (b - c)", "(- a [(- b c)])"),
        ParsingCase("a / b // c % d * e", "(* (% (// (/ a b) c) d) e)"),
        ParsingCase("a >> b << c", "(<< (>> a b) c)"),
        ParsingCase("a + b not in c", "(not in (+ a b) c)"),
        ParsingCase("a not in b + c", "(not in a (+ b c))"),
        ParsingCase("a in b and c not in d", "(and (in a b) (not in c d))"),
        ParsingCase("a < b and b < c", "(and (< a b) (< b c))"),
        ParsingCase(
            "a != b or c >= d or e <= f or g > h",
            "(or (or (or (!= a b) (>= c d)) (<= e f)) (> g h))"),
        ParsingCase("-a * b", "(* (- a) b)"),
        ParsingCase("-a.b(c)[d]", "(- (at (call (. a b) c) d))"),
        ParsingCase("- + ~a", "(- (+ (~ a)))"),
        ParsingCase("a - -1", "(- a (- 1))"),
        ParsingCase("2 * -x + y", "(+ (* 2 (- x)) y)"),
    ])
    func precedence(_ test: ParsingCase) throws {
        #expect(try Outline.ofExpression(test.source) == test.result)
    }

    @Test(arguments: [
        ParsingCase("a if b else c", "(? b a c)"),
        ParsingCase("a if b else c if d else e", "(? b a (? d c e))"),
        ParsingCase("(a if b else c) if d else e", "(? d [(? b a c)] e)"),
        ParsingCase("a or b if c and d else e + f", "(? (and c d) (or a b) (+ e f))"),
        ParsingCase("a if b else lambda: c", "(? b a (lambda () c))"),
        ParsingCase("lambda: a if b else c", "(lambda () (? b a c))"),
        ParsingCase("lambda x, y=1, *args, z, **kw: x", "(lambda (x y=1 *args only:z **kw) x)"),
        ParsingCase("lambda x: lambda y: x + y", "(lambda (x) (lambda (y) (+ x y)))"),
        ParsingCase("lambda *, a: a", "(lambda (* only:a) a)"),
        ParsingCase("lambda x,: x", "(lambda (x) x)"),
    ])
    func conditionalsAndLambdas(_ test: ParsingCase) throws {
        #expect(try Outline.ofExpression(test.source) == test.result)
    }

    @Test(arguments: [
        ParsingCase("()", "[(tuple)]"),
        ParsingCase("(a)", "[a]"),
        ParsingCase("(a,)", "[(tuple a)]"),
        ParsingCase("(a, b,)", "[(tuple a b)]"),
        ParsingCase("a, b", "(tuple a b)"),
        ParsingCase("[]", "(list)"),
        ParsingCase("[a, b,]", "(list a b)"),
        ParsingCase("[(a, b), c]", "(list [(tuple a b)] c)"),
        ParsingCase("{}", "(dict)"),
        ParsingCase("{a: b, c: d,}", "(dict a:b c:d)"),
        ParsingCase("{a: b if c else d}", "(dict a:(? c b d))"),
        ParsingCase("[a for b in c]", "(list a for b in c)"),
        ParsingCase(
            "[a for b, c in d if e for f in g if h if i]",
            "(list a for (tuple b c) in d if e for f in g if h if i)"),
        ParsingCase("[a for (b, [c, d]) in e]", "(list a for [(tuple b (list c d))] in e)"),
        ParsingCase("[a for b.c in d]", "(list a for (. b c) in d)"),
        ParsingCase("[a for b[0] in d]", "(list a for (at b 0) in d)"),
        ParsingCase("{a: b for c in d}", "(dict a:b for c in d)"),
        ParsingCase("[a for b in c if lambda: d]", "(list a for b in c if (lambda () d))"),
        ParsingCase(
            "[a for b in (lambda: c, lambda: d) if e]",
            "(list a for b in [(tuple (lambda () c) (lambda () d))] if e)"),
        ParsingCase("[[a for a in b] for b in c]", "(list (list a for a in b) for b in c)"),
        ParsingCase("[a if b else c for d in e]", "(list (? b a c) for d in e)"),
        ParsingCase("[\n  a,\n\n  # comment\n  b,\n]", "(list a b)"),
    ])
    func brackets(_ test: ParsingCase) throws {
        #expect(try Outline.ofExpression(test.source) == test.result)
    }

    @Test(arguments: [
        ParsingCase("a.b.c", "(. (. a b) c)"),
        ParsingCase("1 .real", "(. 1 real)"),
        ParsingCase("f()", "(call f)"),
        ParsingCase("f(a, b=c, *d, **e)", "(call f a b=c *d **e)"),
        ParsingCase("f(a,)", "(call f a)"),
        ParsingCase("f(*a,)", "(call f *a)"),
        ParsingCase("f(a=b if c else d, e=lambda: f)", "(call f a=(? c b d) e=(lambda () f))"),
        ParsingCase("f(a == b)", "(call f (== a b))"),
        ParsingCase("f(a)(b)[c].d", "(. (at (call (call f a) b) c) d)"),
        ParsingCase("a[1, 2]", "(at a (tuple 1 2))"),
        ParsingCase("a[:]", "(slice a _ _ _)"),
        ParsingCase("a[::]", "(slice a _ _ _)"),
        ParsingCase("a[1:]", "(slice a 1 _ _)"),
        ParsingCase("a[:2]", "(slice a _ 2 _)"),
        ParsingCase("a[::3]", "(slice a _ _ 3)"),
        ParsingCase("a[1:2:3]", "(slice a 1 2 3)"),
        ParsingCase("a[1, 2:]", "(slice a (tuple 1 2) _ _)"),
        ParsingCase("\"a\".b", "(. \"a\" b)"),
        ParsingCase("[a][0]", "(at (list a) 0)"),
        ParsingCase("{a: b}[a]", "(at (dict a:b) a)"),
        ParsingCase("f\\\n(a)", "(call f a)"),
    ])
    func suffixes(_ test: ParsingCase) throws {
        #expect(try Outline.ofExpression(test.source) == test.result)
    }

    @Test func expressionFiles() throws {
        #expect(try Outline.ofExpression("a, b\n\n# end") == "(tuple a b)")
        #expect(throws: (any Error).self) { try Outline.ofExpression("") }
        #expect(throws: (any Error).self) { try Outline.ofExpression("a\nb") }
        #expect(throws: (any Error).self) { try Outline.ofExpression("a = b") }
        #expect(throws: (any Error).self) { try Outline.ofExpression("pass") }
    }
}
