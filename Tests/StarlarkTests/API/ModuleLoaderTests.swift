import SourceDiagnostics
import Starlark
import Synchronization
import Testing

@Suite struct ModuleLoaderTests {
    struct NoSuchFile: Error, CustomStringConvertible {
        let name: String
        var description: String { "no such file: \(name)" }
    }

    /// A loader of texts by name, that counts how often each is asked for.
    final class Fixture: Sendable {
        let requests = Mutex<[String: Int]>([:])
        let texts: [String: String]

        init(_ texts: [String: String]) { self.texts = texts }

        func loader(_ options: ModuleLoader.Options = .init()) -> ModuleLoader {
            ModuleLoader(options: options) { [self] name in
                requests.withLock { $0[name, default: 0] += 1 }
                guard let text = texts[name] else { throw NoSuchFile(name: name) }
                return SourceFile(name: name, text: text)
            }
        }
    }

    @Test func evaluatesEachModuleOnce() throws {
        let fixture = Fixture([
            "a": "load('b', 'x')\nload('c', 'y')\nz = x + y",
            "b": "load('d', 'd')\nx = d + ['b']", "c": "load('d', 'd')\ny = d + ['c']",
            "d": "d = ['d']",
        ])
        let loader = fixture.loader()
        #expect(try loader.module("a").get("z") == ["d", "b", "d", "c"])
        #expect(try loader.module("a") === loader.module("a"))
        #expect(fixture.requests.withLock { $0 } == ["a": 1, "b": 1, "c": 1, "d": 1])
    }

    @Test func cyclesAreToldWithTheirPath() throws {
        let loader = Fixture([
            "a": "load('b', 'x')", "b": "load('c', 'x')", "c": "load('b', 'x')",
            "self": "load('self', 'x')",
        ]).loader()
        let error = try #require(throws: EvaluationError.self) { try loader.module("a") }
        #expect(error.message == "cannot load b: cycle of loads: c -> b -> c")
        #expect(error.callStack.map(\.file.name) == ["a", "b", "c"])
        #expect(error.description == "c:1:6: cannot load b: cycle of loads: c -> b -> c")
        let own = try #require(throws: EvaluationError.self) { try loader.module("self") }
        #expect((own.underlying as? ModuleLoader.Cycle)?.path == ["self", "self"])
    }

    @Test func errorsAreKept() throws {
        let fixture = Fixture(["a": "load('gone', 'x')", "b": "x = = 1", "c": "x = 1 // 0"])
        let loader = fixture.loader()
        for _ in 0..<2 {
            let error = try #require(throws: EvaluationError.self) { try loader.module("a") }
            #expect(error.message == "cannot load gone: no such file: gone")
            #expect(throws: SyntaxErrors.self) { try loader.module("b") }
            #expect(throws: EvaluationError.self) { try loader.module("c") }
        }
        #expect(fixture.requests.withLock { $0 } == ["a": 1, "b": 1, "c": 1, "gone": 1])
    }

    @Test func namesAreResolvedAndLinesAreAttributed() throws {
        let lines = Mutex<[String]>([])
        var options = ModuleLoader.Options()
        options.resolve = { name, importer in
            importer.split(separator: "/").dropLast().map { $0 + "/" }.joined() + name
        }
        options.print = { line, module in lines.withLock { $0.append("\(module): \(line)") } }
        let loader = Fixture([
            "lib/a": "load('b', 'x')\nprint('a', x)", "lib/b": "x = 1\nprint('b')",
        ]).loader(options)
        _ = try loader.module("lib/a")
        #expect(lines.withLock { $0 } == ["lib/b: b", "lib/a: a 1"])
    }

    @Test func depthIsLimited() throws {
        var texts: [String: String] = ["0": "x = 0"]
        for number in 1..<300 { texts["\(number)"] = "load('\(number - 1)', y = 'x')\nx = y + 1" }
        let fixture = Fixture(texts)
        let error = try #require(throws: EvaluationError.self) {
            try fixture.loader().module("299")
        }
        #expect(error.message == "loads nested too deeply: more than 100")
        #expect(try fixture.loader().module("50").get("x") == 50)
    }
}
