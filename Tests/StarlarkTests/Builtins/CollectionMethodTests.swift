import Testing

@testable import Starlark

/// Calls of methods on one value in turn, and what the value is then.
struct MutationCase: CustomTestStringConvertible, Sendable {
    let receiver: Literal
    let calls: [(String, [Literal])]
    /// What the last call gave, then the value.
    let outcome: String

    init(_ receiver: Literal, _ calls: [(String, [Literal])], _ outcome: String) {
        self.receiver = receiver
        self.calls = calls
        self.outcome = outcome
    }

    var testDescription: String { "\(receiver) \(calls)" }
}

@Suite struct CollectionMethodTests {
    static let lists: [MutationCase] = [
        MutationCase([1], [("append", [2])], "(None, [1, 2])"),
        MutationCase([1, 2], [("clear", []), ("append", [3])], "(None, [3])"),
        MutationCase([1], [("extend", [.range(0, 3, 1)])], "(None, [1, 0, 1, 2])"),
        MutationCase([1], [("extend", [["a": 1]])], #"(None, [1, "a"])"#),
        MutationCase([1, 2], [("insert", [-1, 0])], "(None, [1, 0, 2])"),
        MutationCase([1, 2], [("insert", [9, 0])], "(None, [1, 2, 0])"),
        MutationCase([1, 2], [("insert", [-9, 0])], "(None, [0, 1, 2])"),
        MutationCase([1, 2, 3], [("pop", [])], "(3, [1, 2])"),
        MutationCase([1, 2, 3], [("pop", [-3])], "(1, [2, 3])"),
        MutationCase([], [("pop", [])], "error: pop: index -1 out of range: empty list"),
        MutationCase([1], [("pop", [2])], "error: pop: list index 2 out of range [-1:0]"),
        MutationCase([1, 2, 1], [("remove", [1.0])], "(None, [2, 1])"),
        MutationCase([1], [("remove", [2])], "error: remove: element not found"),
        MutationCase([1, 2, 1], [("index", [1, 1])], "(2, [1, 2, 1])"),
        MutationCase([1], [("index", [1, 1])], "error: index: value not in list"),
    ]

    static let dicts: [MutationCase] = [
        MutationCase(["a": 1], [("get", ["b", 2])], #"(2, {"a": 1})"#),
        MutationCase(["a": 1], [("get", [[]])], "error: get: unhashable type: list (use a tuple, whose items must be hashable too)"),
        MutationCase(["a": 1], [("setdefault", ["b"])], #"(None, {"a": 1, "b": None})"#),
        MutationCase(["a": 1, "b": 2], [("pop", ["a"])], #"(1, {"b": 2})"#),
        MutationCase(["a": 1], [("pop", ["b"])], "error: pop: missing key"),
        MutationCase(["a": 1], [("pop", ["b", nil])], #"(None, {"a": 1})"#),
        MutationCase(["a": 1, "b": 2], [("popitem", [])], #"(("a", 1), {"b": 2})"#),
        MutationCase([:], [("popitem", [])], "error: popitem: empty dictionary"),
        MutationCase(["a": 1], [("items", [])], #"([("a", 1)], {"a": 1})"#),
        MutationCase(["a": 1], [("update", [[.tuple(["b", 2])]])], #"(None, {"a": 1, "b": 2})"#),
        MutationCase(["a": 1], [("update", [["a": 3]])], #"(None, {"a": 3})"#),
        MutationCase([:], [("update", [[[1]]])],
            "error: update: dictionary update sequence element #0 has length 1, want 2"),
        MutationCase([:], [("update", [["ab"]])],
            "error: update: dictionary update sequence element #0 is not iterable (string)"),
    ]

    static let sets: [MutationCase] = [
        MutationCase(.set([1]), [("add", [2]), ("add", [1])], "(None, set([1, 2]))"),
        MutationCase(.set([1]), [("discard", [3])], "(None, set([1]))"),
        MutationCase(.set([1]), [("remove", [3])], "error: remove: missing key"),
        MutationCase(.set([1, 2]), [("pop", [])], "(1, set([2]))"),
        MutationCase(.set([]), [("pop", [])], "error: pop: empty set"),
        MutationCase(.set([1]), [("union", [[2], [3]])], "(set([1, 2, 3]), set([1]))"),
        MutationCase(.set([1, 2]), [("intersection", [[2, 3]])], "(set([2]), set([1, 2]))"),
        MutationCase(.set([1, 2]), [("difference", [[2]])], "(set([1]), set([1, 2]))"),
        MutationCase(
            .set([1, 2]), [("symmetric_difference", [[2, 3]])], "(set([1, 3]), set([1, 2]))"),
        MutationCase(.set([1, 2]), [("update", [[3]])], "(None, set([1, 2, 3]))"),
        MutationCase(.set([1, 2]), [("difference_update", [[1]])], "(None, set([2]))"),
        MutationCase(.set([1, 2]), [("intersection_update", [["a": 1]])], "(None, set())"),
        MutationCase(
            .set([1]), [("symmetric_difference_update", [[1, 2, 2]])], "(None, set([2]))"),
        MutationCase(.set([1]), [("issubset", [[1, 2]])], "(True, set([1]))"),
        MutationCase(.set([1, 2]), [("issuperset", [[1, 3]])], "(False, set([1, 2]))"),
        MutationCase(.set([1, 2]), [("isdisjoint", [[3]])], "(True, set([1, 2]))"),
        MutationCase(.set([1]), [("update", [7])], "error: update: argument #1 is not iterable: int"),
        MutationCase(.set([1]), [("add", [[:]])],
            "error: add: unhashable type: dict (use a tuple of its sorted items)"),
    ]

    @Test(arguments: lists + dicts + sets) func changes(_ testCase: MutationCase) {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            let receiver = try fixture.value(testCase.receiver)
            var result = Value.none
            for (name, arguments) in testCase.calls {
                result = try fixture.call(name, onValue: receiver, arguments)
            }
            return try fixture.arena.makeTuple(result, receiver)
        }
        #expect(outcome == testCase.outcome)
    }

    static let mutators: [MutationCase] = [
        MutationCase([1], [("append", [1])], "append to"),
        MutationCase([1], [("clear", [])], "clear"),
        MutationCase([1], [("extend", [[1]])], "extend"),
        MutationCase([1], [("insert", [0, 1])], "insert into"),
        MutationCase([1], [("pop", [])], "pop from"),
        MutationCase([1], [("remove", [1])], "remove from"),
        MutationCase(["a": 1], [("clear", [])], "clear"),
        MutationCase(["a": 1], [("pop", ["a"])], "delete from"),
        MutationCase(["a": 1], [("popitem", [])], "delete from"),
        MutationCase(["a": 1], [("setdefault", ["b"])], "insert into"),
        MutationCase(["a": 1], [("update", [])], "insert into"),
        MutationCase(.set([1]), [("add", [1])], "insert into"),
        MutationCase(.set([1]), [("clear", [])], "clear"),
        MutationCase(.set([1]), [("discard", [2])], "delete from"),
        MutationCase(.set([1]), [("pop", [])], "delete from"),
        MutationCase(.set([1]), [("remove", [1])], "delete from"),
        MutationCase(.set([1]), [("update", [])], "insert into"),
        MutationCase(.set([1]), [("difference_update", [])], "delete from"),
        MutationCase(.set([1]), [("intersection_update", [])], "delete from"),
        MutationCase(.set([1]), [("symmetric_difference_update", [[]])], "change"),
    ]

    /// Every method that changes its receiver refuses to while it is frozen or iterated over.
    @Test(arguments: mutators) func refuses(_ testCase: MutationCase) {
        let (name, arguments) = testCase.calls[0]
        let prefix = "error: \(name): cannot \(testCase.outcome) "
        let fixture = BuiltinFixture()
        let during = fixture.outcome { fixture throws(Failure) in
            let value = try fixture.value(testCase.receiver)
            value.beginIteration()
            return try fixture.call(name, onValue: value, arguments)
        }
        #expect(during.hasPrefix(prefix) && during.contains("during iteration"))
        let frozen = fixture.outcome { fixture throws(Failure) in
            let value = try fixture.value(testCase.receiver)
            value.header.pointee.flags.insert(.frozen)
            return try fixture.call(name, onValue: value, arguments)
        }
        #expect(frozen.hasPrefix(prefix + "frozen "))
    }
}
