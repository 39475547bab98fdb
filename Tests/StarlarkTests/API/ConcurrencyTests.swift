import Glibc
import SourceDiagnostics
import Starlark
import Synchronization
import Testing

/// What many threads do at the same time with what is shared. Meant for the thread sanitizer as
/// well.
@Suite struct ConcurrencyTests {
    static let library = """
        def build(n):
          table = {}
          for i in range(n):
            table["key%d" % i] = [i, str(i), float(i), 1 << (i % 100)]
          return table
        table = build(300)
        names = sorted(table.keys())
        record = struct(a = (1, 2, 3), b = "ä" * 5000, c = set([1, "x", (2,)]))
        def lookup(name, *rest, scale = 1, **others):
          return [table[name][0] * scale] + list(rest) + sorted(others.keys())
        def closure(x):
          def inner(y): return (x, y, len(names), record.b[0:4])
          return inner
        captured = closure("kept")
        """

    private func environment() -> Environment {
        var environment = Environment()
        environment.defineStruct()
        environment.defineJSON()
        return environment
    }

    @Test func evaluationsShareAFrozenModule() throws {
        let environment = environment()
        let library = try HostFixture.run(ConcurrencyTests.library, environment: environment)
        let program = try HostFixture.program(
            """
            load("lib", "table", "names", "record", "lookup", "captured", "build")
            def work():
              total = 0
              for round in range(20):
                for name in names:
                  total += lookup(name, 1, 2, scale = 2, z = 3)[0]
                  total += len(table[name])
                if {record.a: 1}.get(record.a) == None: fail("no key")
                if captured(round)[3] != "ää": fail("no text")
                if 1 not in record.c or (2,) not in record.c: fail("no member")
                total += len(json.encode(table)) + len(str(record)) + hash(record.b) % 2
              return total
            result = work()
            copy = build(10)
            """,
            environment: environment)
        let results = Mutex<Set<Int>>([])
        try Threads.run(8) { _ in
            let evaluator = Evaluator()
            evaluator.setLoadHandler { _ in library }
            for _ in 0..<2 {
                let module = try evaluator.run(program, environment: environment)
                let result = try module.get("result", as: Int.self)
                results.withLock { _ = $0.insert(result) }
            }
        }
        #expect(results.withLock { $0.count } == 1)
    }

    @Test func threadsReadFrozenValues() throws {
        let module = try HostFixture.run(
            ConcurrencyTests.library, environment: environment())
        let table = try #require(module["table"]).frozen()
        let lookup = try #require(module["lookup"]).frozen()
        let description = table.value.description
        try Threads.run(8) { number in
            #expect(table.value.description == description)
            #expect(table.value == table.value)
            #expect(try table.value["key\(number)"]?[0]?.as() == number)
            #expect(table.value.entries?.count == 300)
            #expect(try module.get("names", as: [String].self).count == 300)
            let evaluator = Evaluator()
            for _ in 0..<50 {
                let found = try evaluator.call(lookup.value, "key7", number)
                #expect(try found.as() == [7, number])
            }
        }
    }

    /// Results of one thread go to others as frozen values.
    @Test func frozenResultsTravel() throws {
        let module = try HostFixture.run("def make(n): return {str(i): [i] for i in range(n)}")
        let make = try #require(module["make"]).frozen()
        let results = Mutex<[FrozenValue]>([])
        try Threads.run(8) { number in
            let evaluator = Evaluator()
            for size in 0..<20 {
                let value = try evaluator.call(make.value, size).frozen()
                results.withLock { $0.append(value) }
                let other = results.withLock { $0[(number * 31) % $0.count] }
                #expect(
                    other.value.entries?.allSatisfy { $0.key.string == $0.value[0]?.description }
                        == true)
            }
        }
        #expect(results.withLock { $0.count } == 160)
    }

    @Test func hostFunctionsAndObjectsAreShared() throws {
        let calls = Atomic<Int>(0)
        var environment = Environment()
        environment.define(
            HostFunction("count", .required("n", Int.self)) { _, n in
                calls.add(1, ordering: .relaxed)
                return n
            })
        let counter = HostObjectTests.Counter("shared")
        try environment.define("counter", counter)
        let shared = environment
        let program = try HostFixture.program(
            "def f():\n  return [count(i) + len(counter.name) for i in range(200)]\nx = f()",
            environment: environment)
        try Threads.run(8) { _ in
            let module = try Evaluator().run(program, environment: shared)
            #expect(try module.get("x", as: [Int].self).count == 200)
        }
        #expect(calls.load(ordering: .relaxed) == 1600)
    }

    @Test func modulesAreLoadedOnce() throws {
        let requests = Mutex<[String: Int]>([:])
        let loader = ModuleLoader { name in
            requests.withLock { $0[name, default: 0] += 1 }
            let number = Int(name) ?? 0
            let loads = [number / 2, number / 3].filter { $0 < number }
            let text =
                loads.enumerated().map { "load('\($1)', x\($0) = 'x')\n" }.joined()
                + "x = [\(number)]" + loads.indices.map { " + x\($0)[:5]" }.joined()
            return SourceFile(name: name, text: text)
        }
        try Threads.run(16) { number in
            for module in stride(from: 200 - number, through: 0, by: -7) {
                let value = try loader.module("\(module)").get("x", as: [Int].self)
                #expect(value[0] == module)
            }
        }
        #expect(requests.withLock { $0.values.allSatisfy { $0 == 1 } })
    }

    /// Threads that enter a circle of loads at different places do not wait for one another for
    /// ever.
    @Test(.timeLimit(.minutes(1))) func cyclesAcrossThreadsAreFound() throws {
        for _ in 0..<20 {
            let loader = ModuleLoader { name in
                let next = ["a": "b", "b": "c", "c": "d", "d": "a"][name] ?? ""
                return SourceFile(name: name, text: "load('\(next)', 'x')")
            }
            try Threads.run(4) { number in
                #expect(throws: EvaluationError.self) {
                    try loader.module(["a", "b", "c", "d"][number])
                }
            }
        }
    }

    @Test func cancellationComesFromAnotherThread() throws {
        let program = try HostFixture.program("while True: pass", dialect: .all)
        let cancellation = Mutex<CancellationFlag?>(nil)
        let kinds = Mutex<[EvaluationError.Kind]>([])
        try Threads.run(2) { number in
            if number == 0 {
                while cancellation.withLock({ $0?.cancel() }) == nil { sched_yield() }
                return
            }
            let evaluator = Evaluator()
            cancellation.withLock { $0 = evaluator.cancellation }
            do {
                _ = try evaluator.run(program)
            } catch let error as EvaluationError {
                kinds.withLock { $0.append(error.kind) }
            }
        }
        #expect(kinds.withLock { $0 } == [.cancelled])
    }
}
