public import SourceDiagnostics
public import TestKit

@testable import Starlark

/// Runs chunks and says what went otherwise than expected.
public struct ChunkRunner {
    /// One thing that is not as the suite has it.
    public struct Mismatch: Sendable, CustomStringConvertible {
        /// The line in the file, from 1.
        public let line: Int
        public let description: String
    }

    public let suite: ConformanceSuite
    /// Where `load("assert.star")` finds its text: a folder of starlark-go's sources.
    private let assertModule: SourceFile?

    public init(suite: ConformanceSuite, assertModule: SourceFile? = nil) {
        self.suite = suite
        self.assertModule = assertModule
    }

    public func run(_ chunk: ChunkedFile.Chunk, file name: String) -> [Mismatch] {
        let file = SourceFile(name: name, text: chunk.text)
        let report = ChunkReport(file: file)
        if suite == .go, name.contains("syntax/testdata") {
            parse(file, report)
        } else {
            evaluate(file, chunk.options, report)
        }
        return compare(report.errors, chunk)
    }

    private func parse(_ file: SourceFile, _ report: ChunkReport) {
        do throws(SyntaxErrors) {
            _ = try SyntaxTree.parse(file)
        } catch {
            for diagnostic in error.diagnostics { report.add(diagnostic) }
        }
    }

    private func evaluate(_ file: SourceFile, _ options: Set<String>, _ report: ChunkReport) {
        let functions = HarnessFunctions(report: report)
        let environment = suite.environment(functions, file: file.name)
        let isStatic = file.name.hasSuffix("resolve.star") && suite == .go
        do {
            let program = try Program.compile(
                file, dialect: suite.dialect(options, file: file.name),
                predeclared: environment.names)
            if isStatic { return }
            let evaluator = Evaluator(
                limits: EvaluationLimits(steps: 50_000_000, depth: 1_000, allocatedBytes: 1 << 30))
            evaluator.setLoadHandler { [self] name in
                try load(name, functions)
            }
            _ = try evaluator.run(program, environment: environment)
        } catch let error as SyntaxErrors {
            for diagnostic in error.diagnostics { report.add(diagnostic) }
        } catch let error as EvaluationError {
            report.add(error)
        } catch {
            report.add("\(error)", line: 0)
        }
    }

    // MARK: Modules to load

    private func load(_ name: String, _ functions: HarnessFunctions) throws -> Module {
        switch name {
        case "helper.star":
            return try module(SourceFile(name: name, text: ChunkRunner.helper), Environment())
        case "json.star", "math.star": return try exporting(String(name.dropLast(5)))
        case "assert.star":
            guard let assertModule else { throw HarnessError(message: "no assert.star given") }
            var environment = Environment()
            environment.defineModule()
            environment.define(functions.error)
            environment.define(functions.catch)
            environment.define(functions.matches)
            environment.define("_freeze", functions.freeze)
            return try module(assertModule, environment)
        default: throw HarnessError(message: "no such module: \(name)")
        }
    }

    private static let helper = """
        one = 1
        items = [1, 2]
        def twice(x): return x * 2
        _private = 3

        """

    private func module(_ source: SourceFile, _ environment: Environment) throws -> Module {
        let program = try Program.compile(source, predeclared: environment.names)
        return try Evaluator().run(program, environment: environment)
    }

    /// A module with one global: the predeclared value of the same name.
    private func exporting(_ name: String) throws -> Module {
        var standard = Environment()
        standard.defineJSON()
        standard.defineMath()
        var environment = Environment()
        if let value = standard.values[name] { environment.define("value", value) }
        return try module(
            SourceFile(name: "\(name).star", text: "\(name) = value\n"), environment)
    }

    // MARK: Comparing

    private func compare(
        _ errors: [(line: Int, message: String)], _ chunk: ChunkedFile.Chunk
    ) -> [Mismatch] {
        let expectations = chunk.expectations.compactMap { adapted($0) }
        var mismatches: [Mismatch] = []
        for expectation in expectations
        where !errors.contains(where: { meets($0, expectation) }) {
            mismatches.append(
                Mismatch(
                    line: expectation.line, description: "no such error: \(expectation.pattern)"))
        }
        for error in errors where !expectations.contains(where: { meets(error, $0) }) {
            mismatches.append(
                Mismatch(line: error.line, description: "unexpected: \(error.message)"))
        }
        return mismatches
    }

    private func meets(
        _ error: (line: Int, message: String), _ expectation: (line: Int, pattern: String)
    ) -> Bool {
        guard !suite.expectsLines || error.line == expectation.line else { return false }
        guard let regex = try? Regex(expectation.pattern) else {
            return error.message.contains(expectation.pattern)
        }
        return error.message.firstMatch(of: regex) != nil
    }

    /// The specification's suite says what one implementation, or all, must report.
    private func adapted(
        _ expectation: ChunkedFile.Expectation
    ) -> (line: Int, pattern: String)? {
        guard suite == .specification else { return (expectation.line, expectation.pattern) }
        return (expectation.line, "")
    }
}

struct HarnessError: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
