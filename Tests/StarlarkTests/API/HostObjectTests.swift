import SourceDiagnostics
import Starlark
import Synchronization
import Testing

@Suite struct HostObjectTests {
    /// Counts, and how many of its kind there are.
    final class Counter: HostObject, Hashable, Comparable, HostComparable, HostOperand {
        static let starlarkTypeName = "counter"
        static let alive = Atomic<Int>(0)

        private let value = Mutex(0)
        let name: String

        init(_ name: String) {
            self.name = name
            Counter.alive.add(1, ordering: .relaxed)
        }

        deinit { Counter.alive.subtract(1, ordering: .relaxed) }

        static let members: HostMembers<Counter> = [
            .property("name", get: \.name),
            .property("value", get: { $0.current }, set: { $0.current = $1 }),
            .mutatingMethod("add", .defaulted("amount", 1)) { counter, _, amount in
                counter.current += amount
                return counter
            },
            .method("apply", .required("f", StarlarkValue.self)) { counter, call, f in
                try call.invoke(f, counter)
            },
            .method("explode") { _, _ in throw EvaluationError("bang") },
        ]

        var current: Int {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }

        var attributeNames: [String] { ["extra"] }

        func attribute(_ name: String) -> (any StarlarkConvertible)? {
            name == "extra" ? StarlarkTuple("more", 1) : nil
        }

        var starlarkDescription: String { "<counter \(name)>" }

        static func == (one: Counter, other: Counter) -> Bool { one.name == other.name }
        static func < (one: Counter, other: Counter) -> Bool { one.current < other.current }
        func hash(into hasher: inout Hasher) { hasher.combine(name) }

        func applying(
            _ op: BinaryOperator, with other: StarlarkValue, as side: OperandSide
        ) throws -> (any StarlarkConvertible)? {
            guard let other = try? other.as(Int.self) else { return nil }
            switch (op, side) {
            case (.add, _): return current + other
            case (.subtract, .left): return current - other
            case (.subtract, .right): return other - current
            default: return nil
            }
        }
    }

    /// A table that programs may change, and whose frozen form is another class.
    final class Table: HostMutableIndexable, HostSequence, HostCallable {
        static let starlarkTypeName = "table"
        var entries: [String: Int]

        init(_ entries: [String: Int]) { self.entries = entries }

        func element(for key: StarlarkValue) throws -> (any StarlarkConvertible)? {
            entries[try key.as(String.self)]
        }

        func setElement(for key: StarlarkValue, to value: StarlarkValue) throws {
            entries[try key.as()] = try value.as()
        }

        func elements() -> [any StarlarkConvertible] { entries.keys.sorted() }
        var count: Int? { entries.count }

        func call(_ call: borrowing CallContext) throws -> any StarlarkConvertible {
            let (key, fallback) = try call.unpack(
                .required("key", String.self), .defaulted("fallback", 0))
            return entries[key] ?? fallback
        }

        func frozen() -> any HostObject & Sendable { FrozenTable(entries) }
    }

    final class FrozenTable: HostIndexable, Sendable {
        static let starlarkTypeName = "table"
        let entries: [String: Int]

        init(_ entries: [String: Int]) { self.entries = entries }

        func element(for key: StarlarkValue) throws -> (any StarlarkConvertible)? {
            entries[try key.as(String.self)]
        }
    }

    /// Holds values of the program.
    final class Holder: HostObject {
        static let starlarkTypeName = "holder"
        static let members: HostMembers<Holder> = [
            .method("hold", .required("x", StarlarkValue.self)) {
                $0.held = $2
                _ = $1
            },
            .property("held") { $0.held },
        ]
        var held: StarlarkValue?

        func frozen() throws -> any HostObject & Sendable {
            FrozenHolder(try held?.frozen())
        }
    }

    final class FrozenHolder: HostObject, Sendable {
        static let starlarkTypeName = "holder"
        static let members: HostMembers<FrozenHolder> = [.property("held") { $0.held }]
        let held: FrozenValue?

        init(_ held: FrozenValue?) { self.held = held }
    }

    static func makeEnvironment() -> Environment {
        var environment = Environment()
        environment.define(
            HostFunction("counter", .defaulted("name", "c")) { _, name in Counter(name) })
        environment.define(HostFunction("table") { _ in Table(["a": 1, "b": 2]) })
        environment.define(HostFunction("holder") { _ in Holder() })
        environment.define(
            HostFunction("name_of", .required("c", Counter.self)) { _, counter in counter.name })
        return environment
    }

    static let expressions = ExpressionCase.table(
        #"""
        type(counter()) => "counter"
        counter("x") => <counter x>
        str([counter("x")]) => "[<counter x>]"
        counter().add().add(2).value => 3
        counter().extra => ("more", 1)
        counter().nome => error: counter has no .nome field or method (did you mean .name?)
        counter("y").apply(lambda c: c.name) => "y"
        counter().explode() => error: bang
        counter().add("x") => error: add: for parameter amount: got string, want int
        dir(counter()) => ["add", "apply", "explode", "extra", "name", "value"]
        hasattr(counter(), "add") => True
        getattr(counter("z"), "name") => "z"
        counter("a") == counter("a") => True
        counter("a") == counter("b") => False
        counter("a") in {counter("a"): 1} => True
        counter().add(5) > counter().add(3) => True
        counter() < 1 => error: counter < int not implemented
        sorted([counter("a").add(), counter("b")]) => [<counter b>, <counter a>]
        counter().add(5) + 1 => 6
        1 - counter().add(5) => -4
        counter() * 2 => error: unknown binary op: counter * int
        bool(counter()) => True
        name_of(counter("n")) => "n"
        name_of(table()) => error: name_of: for parameter c: got table, want counter
        counter()() => error: invalid call of non-function (counter)
        len(counter()) => error: len: value of type counter has no len
        [x for x in counter()] => error: counter value is not iterable
        counter()[0] => error: unhandled index operation counter[int]
        1 in counter() => error: unknown binary op: int in counter
        table()["a"] => 1
        table()["c"] => error: key "c" not in table
        table()[1] => error: table: got int, want string
        "a" in table() => True
        "c" in table() => False
        [x for x in table()] => ["a", "b"]
        list(table()) + sorted(table(), reverse = True) => ["a", "b", "b", "a"]
        len(table()) => 2
        table()("b") => 2
        table()("z", fallback = 9) => 9
        table()(1) => error: table: for parameter key: got int, want string
        {table(): 1}.keys() == [] => False
        table() => <table>
        """#)

    @Test(arguments: expressions) func behaves(_ testCase: ExpressionCase) {
        #expect(
            HostFixture.outcome(testCase.source, environment: HostObjectTests.makeEnvironment())
                == testCase.outcome)
    }

    @Test func propertiesAndElementsCanBeSet() throws {
        let module = try HostFixture.run(
            """
            c = counter()
            t = table()
            def f():
              c.value = 7
              c.value += 1
              t["z"] = 26
              t["z"] += 1
            f()
            """, environment: HostObjectTests.makeEnvironment())
        #expect(try module.get("c", as: Counter.self).current == 8)
        #expect(try module.get("t", as: FrozenTable.self).entries["z"] == 27)
    }

    static let refusals: [(String, String)] = [
        ("c.value = 1", "cannot set .value of frozen counter"),
        ("c.name = 'x'", "can't assign to .name field of counter: it is read-only"),
        ("c.vlaue = 1", "can't assign to .vlaue field of counter"),
        ("c.add()", "add: cannot change frozen counter"),
        ("t['a'] = 1", "table value does not support item assignment"),
    ]

    @Test(arguments: refusals) func frozenObjectsAreNotChanged(
        _ statement: String, _ message: String
    ) throws {
        let environment = HostObjectTests.makeEnvironment()
        let library = try HostFixture.run(
            "c = counter()\nt = table()", environment: environment)
        let program = try HostFixture.program(
            "load('lib', 'c', 't')\ndef f():\n  \(statement)\nf()", environment: environment)
        let evaluator = Evaluator()
        evaluator.setLoadHandler { _ in library }
        let error = #expect(throws: EvaluationError.self) {
            try evaluator.run(program, environment: environment)
        }
        #expect(error?.message == message)
    }

    @Test func objectsHoldValues() throws {
        let module = try HostFixture.run(
            "h = holder()\nl = [1]\nh.hold(l)\nl.append(2)",
            environment: HostObjectTests.makeEnvironment())
        let holder = try module.get("h", as: FrozenHolder.self)
        #expect(holder.held?.value.description == "[1, 2]")
        #expect(holder.held?.value.isFrozen == true)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "h = holder()\nh.hold([h])",
            "h = holder()\ndef f():\n  x = h\n  for i in range(100):\n    n = holder()\n    x.hold([n])\n    x = n\nf()",
        ]) func objectsThatHoldThemselvesCannotBeFrozen(_ source: String) throws
    {
        let error = #expect(throws: EvaluationError.self) {
            try HostFixture.run(source, environment: HostObjectTests.makeEnvironment())
        }
        #expect(error?.message.hasPrefix("cannot freeze holder: ") == true)
    }

    @Test func environmentsHoldObjects() throws {
        var environment = Environment()
        let counter = Counter("shared")
        try environment.define("shared", counter)
        let module = try HostFixture.run("n = shared.name", environment: environment)
        #expect(try module.get("n") == "shared")
        #expect(try environment["shared"]?.as(Counter.self) === counter)
    }
}

/// Apart, as nobody else may make counters meanwhile.
@Suite(.serialized) struct HostObjectLifetimeTests {
    final class Tracked: HostObject, Sendable {
        static let starlarkTypeName = "tracked"
        static let alive = Atomic<Int>(0)
        let number: Int

        init(_ number: Int) {
            self.number = number
            Tracked.alive.add(1, ordering: .relaxed)
        }

        deinit { Tracked.alive.subtract(1, ordering: .relaxed) }
    }

    @Test func collectionsReleaseWhatIsDead() throws {
        let peak = Atomic<Int>(0)
        var environment = Environment()
        environment.define(
            HostFunction("make", .required("n", Int.self)) { _, n in
                peak.store(
                    max(peak.load(ordering: .relaxed), Tracked.alive.load(ordering: .relaxed)),
                    ordering: .relaxed)
                return Tracked(n)
            })
        do {
            let module = try HostFixture.run(
                """
                def f():
                  keep = []
                  for i in range(200000):
                    x = make(i)
                    if i % 20000 == 0:
                      keep.append(x)
                  return keep
                kept = f()
                """, environment: environment)
            let kept = try module.get("kept", as: [Tracked].self)
            #expect(kept.map(\.number) == Array(stride(from: 0, to: 200000, by: 20000)))
            #expect(peak.load(ordering: .relaxed) < 150_000)
            #expect(Tracked.alive.load(ordering: .relaxed) == kept.count)
        }
        #expect(Tracked.alive.load(ordering: .relaxed) == 0)
    }

    @Test func errorsReleaseEverything() throws {
        var environment = Environment()
        environment.define(HostFunction("make") { _ in Tracked(0) })
        #expect(throws: EvaluationError.self) {
            try HostFixture.run(
                "x = [make() for i in range(10)]\nfail('')", environment: environment)
        }
        #expect(Tracked.alive.load(ordering: .relaxed) == 0)
    }

    @Test func copiesOfFrozenValuesCount() throws {
        var environment = Environment()
        environment.define(HostFunction("make") { _ in Tracked(0) })
        do {
            let session = InteractiveSession(environment: environment)
            _ = try session.run(SourceFile(name: "a", text: "x = [make()]"))
            let copies = try (0..<3).map { _ in try #require(session["x"]).frozen() }
            #expect(copies.count == 3)
            #expect(Tracked.alive.load(ordering: .relaxed) == 1)
        }
        #expect(Tracked.alive.load(ordering: .relaxed) == 0)
    }
}
