import BrambleLang
import SourceDiagnostics
import TestKit
import Testing

/// What modules offer.
struct ListingTests {
    static let text = #"""
        """The module's own words.

        On several lines."""
        load("./missing")

        def build(release = False):
            """Builds it."""
            fail("is never run")

        def library(name,
                    deps = [],  # what it needs
                    *args, key, other = "a  b", **rest):
            pass

        def _private(): pass
        short = lambda x = 1: x
        alias = build
        value = 1
        def star(*, a = 1): pass
        """#

    @Test func listing() throws {
        let evaluator = ModuleEvaluator(
            provider: TestModules(modules: ["./m": ListingTests.text]), options: try .test())
        let listing = try evaluator.list([.local("m")])[0]
        #expect(listing.documentation == "The module's own words.\n\nOn several lines.")
        #expect(listing.functions.map(\.name) == ["build", "library", "short", "star"])
        #expect(listing.targets.map(\.name) == ["build", "short", "star"])
        #expect(
            listing.functions.map(\.signature) == [
                "build(release = False)",
                "library(name, deps = [], *args, key, other = \"a  b\", **rest)",
                "short(x = 1)", "star(*, a = 1)",
            ])
        #expect(listing["build"]?.documentation == "Builds it.")
        let line = listing["library"].map { listing.file.location(of: $0.span.start).line }
        #expect(line == 10)
    }

    @Test func errors() throws {
        let evaluator = ModuleEvaluator(
            provider: TestModules(modules: ["./m": "x =", "./n": "y = = 1"]),
            options: try .test())
        let errors = #expect(throws: EvaluationErrors.self) {
            try evaluator.list([.local("m"), .local("n"), .local("o")])
        }
        #expect(errors?.errors.count == 3)
    }

    @Test func moduleNames() throws {
        let modules = TestModules(modules: [:])
        let texts = [".", "./a", "./a-b", "./a/b", "example.org/x", "example.org/x/a"]
        let names = try texts.map { try modules.resolve($0, from: ModuleName()) }
        #expect(names.map(\.description) == texts)
        #expect(names.shuffled().sorted() == names)
    }
}
