import BrambleModel
import BrambleStore
import Testing

@testable import BrambleRemote

@Suite struct InputRootTests {
    private let content = Digest(of: Array("content".utf8))

    /// The tree that a root stands for, with those that it only names.
    private func tree(_ root: InputRoot, _ others: [Tree] = []) throws -> Tree {
        let (digest, contents) = root.encoded()
        var directories: [Digest: Directory] = [:]
        for content in contents {
            directories[content.digest] = try Directory(decoding: content.bytes)
        }
        for tree in others { directories.merge(tree.directories) { first, _ in first } }
        return try Tree(root: digest, directories: directories)
    }

    private func paths(_ tree: Tree) -> [String] {
        var paths: [String] = []
        tree.forEachDirectory { path, directory in
            paths.append("/" + path)
            let folder = path.isEmpty ? "/" : "/\(path)/"
            paths += directory.files.map { folder + $0.name + ($0.isExecutable ? "*" : "") }
            paths += directory.symlinks.map { "\(folder)\($0.name) -> \($0.target)" }
        }
        return paths.sorted()
    }

    @Test func directoriesAboveAreMade() throws {
        var root = InputRoot()
        try root.add(.file(content, isExecutable: true), at: "a/b/tool")
        try root.add(.symlink("../a/b/tool"), at: "bin/sh")
        try root.add(.directory([:]), at: "a/empty")
        try root.add(.directory([:]), at: "a")
        #expect(
            paths(try tree(root)) == [
                "/", "/a", "/a/b", "/a/b/tool*", "/a/empty", "/bin", "/bin/sh -> ../a/b/tool",
            ])
    }

    @Test func aTreeKeepsItsDigest() throws {
        let sources = try sources()
        var root = InputRoot()
        try root.add(sources, with: nil, at: "build")
        let (_, contents) = root.encoded()
        #expect(contents.count == 1)
        #expect(
            paths(try tree(root, [sources])) == ["/", "/build", "/build/lib", "/build/lib/a.c"])
    }

    @Test(arguments: [
        ("lib", ["/", "/build", "/build/lib", "/build/lib/a.c"]),
        (
            "lib/deep/er",
            [
                "/", "/build", "/build/lib", "/build/lib/a.c", "/build/lib/deep",
                "/build/lib/deep/er",
            ]
        ),
        ("other", ["/", "/build", "/build/lib", "/build/lib/a.c", "/build/other"]),
    ])
    func aDirectoryIsMadeInATree(directory: String, expected: [String]) throws {
        let sources = try sources()
        var root = InputRoot()
        try root.add(sources, with: directory, at: "build")
        #expect(paths(try tree(root, [sources])) == expected)
    }

    @Test func nothingIsReplaced() throws {
        var root = InputRoot()
        try root.add(.file(content, isExecutable: false), at: "a")
        for path in ["a", "a/b", "", "..", "x/../y", "."] {
            #expect(throws: StoreError.self) { try root.add(.symlink("x"), at: path) }
        }
        #expect(throws: StoreError.self) {
            try root.add(try sources(), with: "lib/a.c", at: "build")
        }
    }

    private func sources() throws -> Tree {
        let lib = Directory(files: [.init(name: "a.c", digest: content, isExecutable: false)])
        let root = Directory(directories: [.init(name: "lib", digest: lib.digest)])
        return try Tree(
            root: root.digest, directories: [root.digest: root, lib.digest: lib])
    }
}
