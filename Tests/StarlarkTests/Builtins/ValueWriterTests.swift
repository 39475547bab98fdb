import Testing

@testable import Starlark

@Suite struct ValueWriterTests {
    static let values = ExpressionCase.table(
        #"""
        "a\"\\\n\t\a\x7f\u200dé😿" => "a\"\\\n\t\a\x7f\u200dé😿"
        "a世"[:3] => "a\xe4\xb8"
        b"\0a\xed\xb0\x80" => b"\x00a\xed\xb0\x80"
        () => ()
        (1,) => (1,)
        {"k": [1, None, True, 1.0]} => {"k": [1, None, True, 1.0]}
        set() => set()
        [range(2, 9), range(9, 2)] => [range(2, 9), range(9, 2)]
        "a".elem_ords() => "a".elem_ords()
        len => <built-in function len>
        [].append => <built-in method append of list value>
        (lambda x: [x.append(x), x])([1]) => [None, [1, [...]]]
        (lambda x: [x.update([(1, (x,))]), x])({}) => [None, {1: ({...},)}]
        struct(b = 1, a = "x") => struct(a = "x", b = 1)
        json => <module "json">
        """#)

    @Test(arguments: values) func writes(_ testCase: ExpressionCase) {
        var environment = Environment()
        environment.defineStruct()
        environment.defineJSON()
        testCase.check(environment: environment)
    }

    @Test func limitsDepth() {
        let nested =
            "def f():\n  x = ()\n  for _ in range(\(Effort.maximumDepth)):\n    x = (x,)\n  return x\n"
        #expect(throws: EvaluationError.self) {
            try ExpressionCase.run(nested + "result = repr(f())")
        }
    }
}
