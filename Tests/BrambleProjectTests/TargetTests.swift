import BrambleModel
import Testing

@testable import BrambleProject

struct TargetTests {
    static let valid: [(String, Target)] = [
        ("./lib:foo", .function(.local(up: 0, down: ["lib"]), "foo")),
        ("./lib", .module(.local(up: 0, down: ["lib"]))),
        (".", .module(.local(up: 0, down: []))),
        ("./...", .tree(.local(up: 0, down: []))),
        ("./a/b/...", .tree(.local(up: 0, down: ["a", "b"]))),
        ("../a:f", .function(.local(up: 1, down: ["a"]), "f")),
        ("example.org/x:f", .function(.module("example.org/x", version: nil), "f")),
        ("example.org/x/...", .tree(.module("example.org/x", version: nil))),
        ("example.org/x@1.2.3:f", .function(.module("example.org/x", version: "1.2.3"), "f")),
        ("short", .function(.local(up: 0, down: ["lib"]), "foo")),
    ]

    @Test(arguments: valid)
    func parses(_ text: String, _ target: Target) throws {
        #expect(try Target(text, aliases: ["short": "./lib:foo"]) == target)
    }

    static let invalid = [
        ("lib:foo", "did you mean `./lib:foo`?"),
        ("shrot", "did you mean `short`?"),
        ("/lib:foo", "did you mean `./lib:foo`?"),
        ("...", "did you mean `./...`?"),
        ("./...:f", "`...` takes every target"),
        ("./lib:", "write `./path:function`"),
        ("./lib.bramble:f", "write `./lib`"),
        ("", "write `./path:function`"),
        ("example.org/x@:f", "write `module@1.2.3`"),
    ]

    @Test(arguments: invalid)
    func refuses(_ text: String, _ hint: String) {
        let error = #expect(throws: ProjectError.self) {
            try Target(text, aliases: ["short": "./lib:foo"])
        }
        #expect(error?.code == .usage)
        #expect(error?.hint == hint)
    }

    @Test
    func loadsAreResolved() throws {
        let own = try PackageName("example.org/own")
        let resolution = ModuleResolution(
            package: own,
            dependencies: [try PackageName("example.org/x"), try PackageName("example.org/x/y")])
        func resolve(_ text: String) throws -> String {
            try resolution.resolve(LoadName(text), from: ["a", "b"]).description
        }
        #expect(try resolve("./c") == "example.org/own/a/b/c")
        #expect(try resolve("../c") == "example.org/own/a/c")
        #expect(try resolve("../..") == "example.org/own")
        #expect(try resolve("example.org/x/y/z") == "example.org/x/y/z")
        #expect(
            try resolution.resolve(LoadName("example.org/x/y/z"), from: []).package.description
                == "example.org/x/y")
        for text in [
            "../../../c", "example.org/q", "./a/../b", "./a.bramble", "/a", "./a b", "a//b",
        ] {
            #expect(throws: ProjectError.self, "\(text)") { try resolve(text) }
        }
    }
}
