import BrambleModel
import SourceDiagnostics
import TestKit
import Testing

@testable import BrambleProject

struct ManifestTests {
    @Test
    func reads() throws {
        let text = """
            [package]
            name = "example.org/own"
            version = "1.2.3-beta.1+x"
            [dependencies]
            "example.org/a" = "1.0.0"
            "example.org/b" = { version = "2.0.0", path = "../b" }
            [aliases]
            all = "./..."
            [run]
            paths = ["data", "/srv"]
            read_only_paths = ["/etc/ssl"]
            hidden_paths = []
            network = true
            """
        let manifest = try Manifest(SourceFile(name: "bramble.toml", text: text))
        #expect(manifest.name.description == "example.org/own")
        #expect(manifest.version == "1.2.3-beta.1+x")
        #expect(manifest.dependencies.map(\.version) == ["1.0.0", "2.0.0"])
        #expect(manifest.dependencies.map(\.path) == [nil, "../b"])
        #expect(manifest.aliases == ["all": "./..."])
        #expect(manifest.grants.paths == ["data", "/srv"])
        #expect(manifest.grants.readOnlyPaths == ["/etc/ssl"])
        #expect(manifest.grants.hiddenPaths == [] && manifest.grants.network)
    }

    static let mistakes = [
        ("", ["`[package]` is missing"]),
        (
            "[package]\nname = 1\nverson = '1.0.0'\n",
            [
                "unknown key `verson` in `[package]`", "`name` must be a string, not an integer",
                "`version` is missing in `[package]`",
            ]
        ),
        (
            "package = { name = '/a', version = '1.0' }\n[dependencies]\nb = {}\n'c d' = '1.0.0'\n",
            [
                "`/a` is not a name of a package", "`1.0` is not a version",
                "the dependency `b` has neither version nor path",
                "`c d` is not a name of a package",
            ]
        ),
        (
            "[package]\nname = 'a'\nversion = '1.0.0'\n[aliases]\nx = 'lib:y'\nz = 1\n"
                + "[run]\npaths = 'a'\nread_only_paths = ['a', 1]\nnetwork = 'yes'\nnetwrk = true\n",
            [
                "the target `lib:y` is neither a local path nor a module",
                "`z` must be a string, not an integer",
                "unknown key `netwrk` in `[run]`",
                "`paths` must be an array of strings, not a string",
                "`read_only_paths` must hold strings, not an integer",
                "`network` must be `true` or `false`, not a string",
            ]
        ),
    ]

    @Test(arguments: mistakes)
    func findsMistakes(_ text: String, _ messages: [String]) {
        let error = #expect(throws: DiagnosticList.self) {
            try Manifest(SourceFile(name: "bramble.toml", text: text))
        }
        #expect(error?.diagnostics.map(\.message) == messages)
    }

    @Test
    func modulesAreFiles() throws {
        let folder = try ScratchFolder()
        for name in ["a.bramble", "b/default.bramble", "c.bramble", "c/default.bramble"] {
            try folder.write("", to: name)
        }
        #expect(
            try ModuleFile.find(RelativePath("a"), in: folder.path).description == "a.bramble")
        #expect(
            try ModuleFile.find(RelativePath("b"), in: folder.path).description
                == "b/default.bramble")
        for name in ["c", "d"] {
            #expect(throws: ProjectError.self) {
                try ModuleFile.find(RelativePath(name), in: folder.path)
            }
        }
        #expect(throws: ProjectError.self) { try ModuleFile.find(nil, in: folder.path) }
    }
}
