import Testing

@testable import Starlark

@Suite struct CollectionMethodTests {
    static let lists = ExpressionCase.table(
        #"""
        (lambda x: (x.extend(x), x))([1, 2]) => (None, [1, 2, 1, 2])
        (lambda x: (x.extend({"a": 1}), x))([1]) => (None, [1, "a"])
        (lambda x: (x.insert(-1, 0), x))([1, 2]) => (None, [1, 0, 2])
        (lambda x: (x.insert(9, 0), x.insert(-9, 3), x))([1]) => (None, None, [3, 1, 0])
        (lambda x: (x.pop(-3), x.pop(), x))([1, 2, 3]) => (1, 3, [2])
        [].pop() => error: pop: index -1 out of range: empty list
        [1].pop(2) => error: pop: list index 2 out of range [-1:0]
        [1].pop(1 << 70) => error: pop: for parameter 1: 1180591620717411303424 out of range (want value in signed 64-bit range)
        (lambda x: (x.remove(1.0), x))([1, 2, 1]) => (None, [2, 1])
        [1, 2, 1].index(1, 1) => 2
        [1].index(1, 1) => error: index: value not in list
        """#)

    static let dicts = ExpressionCase.table(
        #"""
        {"a": 1}.get("b", 2) => 2
        (lambda x: (x.setdefault("b"), x))({"a": 1}) => (None, {"a": 1, "b": None})
        (lambda x: (x.pop("a"), x.popitem(), x))({"a": 1, "b": 2}) => (1, ("b", 2), {})
        {"a": 1}.pop("b") => error: pop: missing key
        {}.popitem() => error: popitem: empty dictionary
        (lambda x: (x.update([("b", 2)], c = 3), x))({}) => (None, {"b": 2, "c": 3})
        (lambda x: (x.update(x), x))({"a": 1}) => (None, {"a": 1})
        {}.update([[1]]) => error: update: dictionary update sequence element #0 has length 1, want 2
        {}.update(["ab"]) => error: update: dictionary update sequence element #0 is not iterable (string)
        """#)

    static let sets = ExpressionCase.table(
        #"""
        (lambda x: (x.add(2), x.add(1), x))(set([1])) => (None, None, set([1, 2]))
        (lambda x: (x.pop(), x.discard(9), x))(set([1, 2])) => (1, None, set([2]))
        set([1]).remove(3) => error: remove: missing key
        set([1]).union([2], [3]) => set([1, 2, 3])
        set([1, 2, 3]).intersection([3, 2], [3]) => set([3])
        set([1, 2, 3]).difference([2], {3: 4}) => set([1])
        set([1, 2]).symmetric_difference([2, 3, 3]) => set([1, 3])
        (lambda x: (x.difference_update(x), x))(set([1, 2])) => (None, set())
        (lambda x: (x.intersection_update({"a": 1}), x))(set(["a", "b"])) => (None, set(["a"]))
        (lambda x: (x.symmetric_difference_update(x), x))(set([1])) => (None, set())
        set([1]).issubset([1, 2]) => True
        set([1, 2]).issuperset([1, 3]) => False
        set([1, 2]).isdisjoint([3]) => True
        set([1]).update(7) => error: update: argument #1 is not iterable: int
        set([1]).add({}) => error: add: unhashable type: dict (use a tuple of its sorted items)
        """#)

    @Test(arguments: lists + dicts + sets)
    func changes(_ testCase: ExpressionCase) { testCase.check() }

    /// A change that is refused while its receiver is frozen or iterated over: "cannot …".
    static let mutators = ExpressionCase.table(
        #"""
        [1] . append(1) => append to
        [1] . clear() => clear
        [1] . extend([1]) => extend
        [1] . insert(0, 1) => insert into
        [1] . pop() => pop from
        [1] . remove(1) => remove from
        {"a": 1} . clear() => clear
        {"a": 1} . pop("a") => delete from
        {"a": 1} . popitem() => delete from
        {"a": 1} . setdefault("b") => insert into
        {"a": 1} . update() => insert into
        set([1]) . add(1) => insert into
        set([1]) . clear() => clear
        set([1]) . discard(2) => delete from
        set([1]) . pop() => delete from
        set([1]) . remove(1) => delete from
        set([1]) . update() => insert into
        set([1]) . difference_update() => delete from
        set([1]) . intersection_update() => delete from
        set([1]) . symmetric_difference_update([]) => change
        """#)

    @Test(arguments: mutators) func refuses(_ testCase: ExpressionCase) throws {
        let parts = testCase.source.split(separator: " . ")
        let (receiver, method) = (parts[0], parts[1])
        let name = method.prefix { $0 != "(" }
        let prefix = "error: \(name): cannot \(testCase.outcome) "
        let during = ExpressionCase.evaluate("[x.\(method) for x in [\(receiver)] for y in x]")
        #expect(during.hasPrefix(prefix) && during.contains("during iteration"))
        let frozen = try ExpressionCase.run("x = \(receiver)")
        let word = try #require(frozen.word("x"))
        var environment = Environment()
        environment.define("x", word, in: frozen.heap)
        let outcome = ExpressionCase.evaluate("x.\(method)", environment: environment)
        #expect(outcome.hasPrefix(prefix + "frozen "))
    }
}
