import StarlarkConformance
import TestKit
import Testing

/// The harness itself: a suite that can't fail proves nothing.
struct ChunkRunnerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        /// `line: message` of each problem, or a part of the message.
        let problems: [String]
        /// Lines at which something was checked.
        let checked: Set<Int>

        init(_ name: String, _ text: String, checked: Set<Int>, problems: [String] = []) {
            testDescription = name
            self.text = text
            self.problems = problems
            self.checked = checked
        }
    }

    static let cases = [
        Case("holds", "assert.eq(1, 1)\nassert.true([0])\n", checked: [1, 2]),
        Case("nothing to check", "x = 1\n", checked: [1]),
        Case(
            "a failed assertion hides no other",
            "assert.eq(1, 2)\nassert.ne(1, 1)\nassert.lt(2, 1)\nassert.contains([], 1)\n"
                + "assert.true(0)\nassert.fail(\"x\")\n",
            checked: [1, 2, 3, 4, 5, 6],
            problems: [
                "line 1: assert.eq: 1 is not 2", "line 2: assert.ne: both are 1",
                "line 3: assert.lt: 2 is not less than 1",
                "line 4: assert.contains: 1 is not in []",
                "line 5: assert.true: 0", "line 6: assert.fail: \"x\"",
            ]),
        Case(
            "in a function", "def f(x):\n    assert.eq(x, 1)\nf(1)\nf(2)\n", checked: [1, 2],
            problems: ["line 2: assert.eq: 2 is not 1"]),
        Case(
            "no error", "assert.fails(lambda: 1, \"x\")\n", checked: [1],
            problems: ["line 1: assert.fails: no error"]),
        Case(
            "another error", "assert.fails(lambda: 1 // 0, \"x\")\n", checked: [1],
            problems: ["line 1: assert.fails: floored division by zero: does not match x"]),
        Case("expected", "\n1 // 0 ### \"division\"\n", checked: [2]),
        Case(
            "expected elsewhere", "1 // 0\nx = 1 ### \"division\"\n", checked: [1, 2],
            problems: ["line 1: unexpected error: floored", "line 2: no error"]),
        Case(
            "expected otherwise", "1 // 0 ### \"modulo\"\n", checked: [1],
            problems: ["line 1: floored division by zero: does not match modulo"]),
        Case(
            "several static errors", "x = y ### \"y\"\nz = w ### \"undefined\"\n", checked: [1, 2]),
        Case(
            "unexpected", "assert.eq(1, 1)\nx\n", checked: [1, 2],
            problems: ["line 2: unexpected error: undefined: x"]),
        Case(
            "option",
            "# option: recursion\ndef f(n): return n and f(n - 1)\nassert.eq(f(3), 0)\n",
            checked: [1, 3]),
        Case(
            "freeze", "x = [[]]\nassert.eq(freeze(x), [[]])\nx[0].append(1) ### \"frozen\"\n",
            checked: [2, 3]),
    ]

    @Test(arguments: cases) func finds(_ testCase: Case) throws {
        let chunk = try #require(ChunkedFile(name: "test", text: testCase.text).chunks.first)
        let report = ChunkRunner(.own).run(chunk, of: "test")
        let problems = report.problems.map(\.description)
        #expect(problems.count == testCase.problems.count, "\(problems)")
        for (problem, wanted) in zip(problems, testCase.problems) {
            #expect(problem.hasPrefix(wanted))
        }
        // The first line stands for a chunk's having run to its end, which those with expectations do not.
        let expects = !chunk.expectations.isEmpty
        #expect(report.checkedLines == testCase.checked.union(expects ? [] : [1]))
    }
}
