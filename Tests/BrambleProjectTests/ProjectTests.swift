import BrambleModel
import SourceDiagnostics
import TestKit
import Testing

@testable import BrambleProject

struct ProjectTests {
    @Test
    func modesMeanWhatTheyMeanInCargo() {
        let update = LockMode(locked: false, offline: false, frozen: false)
        #expect(update.allowsNetwork && update.allowsLockChange)
        let locked = LockMode(locked: true, offline: false, frozen: false)
        #expect(locked.allowsNetwork && !locked.allowsLockChange)
        let offline = LockMode(locked: false, offline: true, frozen: false)
        #expect(!offline.allowsNetwork && offline.allowsLockChange)
        #expect(LockMode(locked: true, offline: true, frozen: false) == .frozen)
        #expect(LockMode(locked: false, offline: false, frozen: true) == .frozen)
    }

    @Test
    func templatesAreValidProjects() throws {
        let folder = try ScratchFolder()
        let template = ProjectTemplate(name: try PackageName("example.org/new"))
        try template.check(folder.path)
        for file in template.files { try folder.write(file.text, to: file.name) }
        let text = try TextFile.read(folder.path + "/bramble.toml")
        let manifest = try Manifest(SourceFile(name: "bramble.toml", text: text))
        #expect(manifest.name.description == "example.org/new")
        #expect(try ModuleFile.find(nil, in: folder.path).description == "default.bramble")
        #expect(throws: ProjectError.self) { try template.check(folder.path) }
    }

    @Test
    func treesOfModulesAreSorted() throws {
        let folder = try ScratchFolder()
        for name in [
            "b.bramble", "a/x.bramble", "a/default.bramble", "n/bramble.toml", "n/x.bramble", "c.c",
        ] { try folder.write("", to: name) }
        let all = try ModuleTree.files(below: [], in: folder.path).map(\.description)
        #expect(all == ["a/default.bramble", "a/x.bramble", "b.bramble"])
        #expect(throws: ProjectError.self) {
            try ModuleTree.files(below: ["n"], in: folder.path + "/n")
        }
    }

    @Test
    func filesAreReplacedWhole() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/file"
        try HostFile.replace(path, with: Array("one".utf8))
        #expect(try TextFile.read(path) == "one")
        // Of a process that was killed between two names.
        try folder.write("half", to: ".file.draft")
        try HostFile.replace(path, with: Array("two".utf8))
        #expect(try TextFile.read(path) == "two")
        #expect(try HostFile.names(in: folder.path) == ["file"])
        #expect(throws: ProjectError.self) {
            try HostFile.replace(folder.path + "/nowhere/file", with: [])
        }
    }

    @Test
    func aMissingModuleHasANeighbour() throws {
        let folder = try ScratchFolder()
        for name in ["lib/server.bramble", "tools/default.bramble", "docs/text"] {
            try folder.write("", to: name)
        }
        func hint(_ module: String) throws -> String? {
            let error = #expect(throws: ProjectError.self) {
                try ModuleFile.locate(try RelativePath(module), in: folder.path)
            }
            return error?.hint
        }
        let near = try hint("lib/sever")
        #expect(
            near == "did you mean `./lib/server`? or make `lib/sever.bramble` or "
                + "`lib/sever/default.bramble`")
        #expect(try hint("tolos")?.hasPrefix("did you mean `./tools`?") == true)
        // A folder without a module is none, and nor is what is in a folder that is not there.
        #expect(try hint("dcos")?.hasPrefix("make `dcos.bramble`") == true)
        #expect(try hint("nowhere/server")?.hasPrefix("make ") == true)
    }
}
