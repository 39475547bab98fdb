import BrambleModel
import FoundationEssentials
import Glibc
import TestKit
import Testing

@testable import BrambleStore

/// A store in a folder of its own, and a place beside it for trees.
final class StoreFixture {
    let scratch: ScratchFolder
    let store: LocalStore

    var storePath: String { scratch.path + "/the store" }

    init(_ configure: (inout LocalStore.Options) -> Void = { _ in }) throws {
        scratch = try ScratchFolder()
        var options = LocalStore.Options()
        configure(&options)
        store = try LocalStore(scratch.path + "/the store", options: options)
    }

    /// Runs a line in the folder; a failure is the test's.
    @discardableResult
    func shell(_ line: String) throws -> String {
        let outcome = try ShellCommand(
            folder: scratch.path, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
        ).run(line)
        try #require(outcome.status == 0, "\(line): \(outcome.standardError)")
        return outcome.standardOutput
    }

    /// Makes a tree and adds it.
    func add(_ files: [String: String], as folder: String = "tree") throws -> StoredObject {
        try shell("rm -rf '\(folder)' && mkdir '\(folder)'")
        for (name, text) in files { try scratch.write(text, to: "\(folder)/\(name)") }
        return try store.add(directory: scratch.path + "/" + folder)
    }

    /// The digest and the name that the script in Python computes for a directory.
    func independently(_ path: String, own: StoreName? = nil) throws -> String {
        let script = TextFile.path("reapi_digest.py", beside: #filePath)
        let words = try shell("python3 '\(script)' '\(path)' \(own?.description ?? "")")
        return String(words.dropLast())
    }
}

/// The text of a failure, with the store's folder left out.
func message(of error: StoreError?, _ fixture: StoreFixture) -> String {
    (error?.message ?? "no error").replacing(fixture.scratch.path, with: "/FOLDER")
}
