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
}
