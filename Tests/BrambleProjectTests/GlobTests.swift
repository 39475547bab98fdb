import BrambleModel
import TestKit
import Testing

@testable import BrambleProject

struct GlobTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var pattern: String
        var matching: [String]
        var other: [String]
        var testDescription: String { pattern }
    }

    static let cases = [
        Case(pattern: "a.c", matching: ["a.c"], other: ["b.c", "a/a.c"]),
        Case(pattern: "*.c", matching: ["a.c", ".c"], other: ["a.h", "x/a.c"]),
        Case(pattern: "**/*.c", matching: ["a.c", "x/a.c", "x/y/a.c"], other: ["x/a.h"]),
        Case(pattern: "x/**", matching: ["x/a", "x/y/z"], other: ["y/a"]),
        Case(pattern: "a/**/b/**/c", matching: ["a/b/c", "a/x/b/b/y/c"], other: ["a/c", "a/b"]),
        Case(pattern: "?.c", matching: ["é.c", "a.c"], other: ["ab.c", ".c"]),
        Case(pattern: "[a-c]x", matching: ["ax", "cx"], other: ["dx", "x"]),
        Case(pattern: "[!a-c]x", matching: ["dx"], other: ["ax"]),
        Case(pattern: "[]]x", matching: ["]x"], other: ["x"]),
        Case(pattern: "*.{c,h{h,}}", matching: ["a.c", "a.h", "a.hh"], other: ["a.cc"]),
    ]

    @Test(arguments: cases)
    func matches(_ row: Case) throws {
        let pattern = try GlobPattern(row.pattern)
        for path in row.matching + row.other {
            let components = path.split(separator: "/").map(String.init)
            #expect(pattern.matches(components) == row.matching.contains(path), "\(path)")
        }
    }

    @Test(arguments: [
        "/a", "", "a**", "[a", "[z-a]", "{a", "a}",
        "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
    ])
    func refuses(_ text: String) {
        #expect(throws: ProjectError.self) { try GlobPattern(text) }
    }

    @Test(.timeLimit(.minutes(1)))
    func hostilePatternsTakeLittleTime() throws {
        let pattern = try GlobPattern(String(repeating: "*a", count: 100) + "b")
        #expect(!pattern.matches([String(repeating: "a", count: 5_000)]))
        let deep = try GlobPattern(String(repeating: "**/a/", count: 100) + "b")
        #expect(!deep.matches(Array(repeating: "a", count: 1_000)))
        let machine = GlobMachine([(folders: [], glob: deep)])
        let states = (0..<200).reduce(machine.start) { states, _ in machine.advance(states, "a") }
        #expect(machine.matched(states).isEmpty)
    }

    private func run(_ folder: ScratchFolder, _ query: GlobQuery) throws -> [String] {
        try query.run(in: folder.path).paths.map(\.description)
    }

    @Test
    func findsFilesOfTheProjectOnly() throws {
        let folder = try ScratchFolder()
        for name in [
            "src/b.c", "src/a.c", "src/build/x.c", "src/keep/x.c", "nested/bramble.toml",
            "nested/n.c", ".git/g.c", "top.c",
        ] { try folder.write("", to: name) }
        try folder.write("# made\nbuild/\n/top.c\n", to: ".brambleignore")
        #expect(
            try run(folder, GlobQuery(base: [], include: ["**/*.c"]))
                == ["src/a.c", "src/b.c", "src/keep/x.c"])
        #expect(
            try run(folder, GlobQuery(base: ["src"], include: ["*.c", "a.*"], exclude: ["b.c"]))
                == ["src/a.c"])
        #expect(
            try run(folder, GlobQuery(base: ["src", "keep"], include: ["../*.c"]))
                == ["src/a.c", "src/b.c"])
        #expect(
            try run(folder, GlobQuery(base: ["src"], include: ["k*"], includesFolders: true))
                == ["src/keep"])
    }

    /// Where a walk goes is what it costs.
    @Test(arguments: [
        ("src/a.c", [".", "src"]), ("src/*.c", [".", "src"]), ("*/*.c", [".", "lib", "src"]),
        ("src/{a,b}/x", [".", "src", "src/a"]),
        ("**/x", [".", "lib", "src", "src/a", "src/a/deep"]),
        ("*.md", ["."]),
    ])
    func walksGoWhereMatchesCanBe(_ pattern: String, _ folders: [String]) throws {
        let folder = try ScratchFolder()
        for name in ["src/a.c", "src/a/x", "src/a/deep/y", "lib/l.c", "read.md"] {
            try folder.write("", to: name)
        }
        let trace = try GlobQuery(base: [], include: [pattern]).run(in: folder.path).trace
        let visited = trace.places.map(\.path).filter { !$0.hasSuffix(IgnoreRules.fileName) }
        #expect(visited == folders)
    }

    @Test(arguments: [
        ("touch src/new.c", false), ("rm src/a.c", false), ("echo a.c > .brambleignore", false),
        ("echo '# other' > src/.brambleignore", false), ("echo x > src/a.c", true),
        ("mkdir other", false), ("touch lib/new.c", true),
    ])
    func tracesShowChanges(_ change: String, _ isCurrent: Bool) throws {
        let folder = try ScratchFolder()
        for name in ["src/a.c", "lib/b.c", "src/.brambleignore"] { try folder.write("", to: name) }
        // Old stamps, so that none that is new can be the same.
        let shell = ShellCommand(folder: folder.path, environment: ["PATH=/usr/bin:/bin"])
        #expect(try shell.run("touch -d @1000000000 src/* src/.b* src lib .").status == 0)
        let trace = try GlobQuery(base: ["src"], include: ["*.c"]).run(in: folder.path).trace
        #expect(trace.isCurrent(in: folder.path))
        #expect(try shell.run(change).status == 0)
        #expect(trace.isCurrent(in: folder.path) == isCurrent)
    }

    @Test(
        arguments: [
            ("just now", 1_234_567_890, 1_234_567_999, false),
            ("a tick ago", 1_234_567_890, 1_264_567_890, true),
            ("whole seconds, one ago", 5_000_000_000, 6_000_000_000, false),
            ("whole seconds, three ago", 5_000_000_000, 8_000_000_000, true),
            ("in the future", 9_999_999_999, 1_234_567_890, false),
        ] as [(String, Int64, Int64, Bool)])
    func youngStampsProveNothing(
        _ name: String, _ changed: Int64, _ now: Int64, _ isSettled: Bool
    ) {
        let stamp = FileStamp(inode: 1, sizeBytes: 0, modified: changed, changed: changed)
        #expect(stamp.isSettled(at: now) == isSettled)
    }

    @Test
    func linksStayInTheProject() throws {
        let folder = try ScratchFolder()
        try folder.write("", to: "a.c")
        let shell = ShellCommand(folder: folder.path, environment: ["PATH=/usr/bin:/bin"])
        #expect(
            try shell.run("ln -s a.c in.c; ln -s . again; ln -s /etc/passwd out; ln -s l l").status
                == 0)
        #expect(
            try run(folder, GlobQuery(base: [], include: ["*.c"])) == ["a.c", "in.c"])
        for (pattern, code) in [
            ("out", ProjectError.Code.outside), ("l", .configuration), ("../x", .outside),
            ("none", .nothingMatched),
        ] {
            let query = GlobQuery(base: [], include: [pattern])
            let error = #expect(throws: ProjectError.self) { try query.run(in: folder.path) }
            #expect(error?.code == code, "\(pattern)")
        }
        #expect(try run(folder, GlobQuery(base: [], include: ["none"], allowsEmpty: true)) == [])
    }

    @Test
    func projectsAreFoundUpward() throws {
        let folder = try ScratchFolder()
        try folder.write("", to: "bramble.toml")
        try folder.write("", to: "a/b/c")
        let location = try ProjectLocation(searchingFrom: folder.path + "/a/b")
        #expect(location.root == folder.path)
        #expect(location.current == ["a", "b"])
        let other = try ScratchFolder()
        #expect(throws: ProjectError.self) { try ProjectLocation(searchingFrom: other.path) }
    }
}
