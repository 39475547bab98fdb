import BrambleModel
import Testing

/// Graphs that together use all of the format.
enum SampleGraphs {
    static let linux = try! Platform("linux-x86_64")

    static func fields(_ name: String, builder: String = "/bin/sh") throws -> Derivation.Fields {
        var fields = Derivation.Fields(name: try DerivationName(name), builder: builder)
        fields.platform = linux
        return fields
    }

    static func fetch(_ name: String, env: TextMap) throws -> Derivation {
        var fields = Derivation.Fields(name: try DerivationName(name), builder: "fetch_url")
        fields.env = env
        return try Derivation(fields)
    }

    static func text(_ derivation: Derivation, _ output: String? = nil) throws -> String {
        let name = try output.map { try OutputName($0) }
        return try #require(derivation.reference(to: name)).description
    }

    static func empty() throws -> DerivationGraph { DerivationGraph() }

    static func smallest() throws -> DerivationGraph {
        let derivation = try Derivation(try fields("hello", builder: "/bin/true"))
        return try DerivationGraph([derivation], roots: [derivation.hash])
    }

    static func fetches() throws -> DerivationGraph {
        let hash = ContentHash(of: Array("hello".utf8)).description
        var git = Derivation.Fields(name: try DerivationName("tool-src"), builder: "fetch_git")
        git.env = ["url": "ssh://git@example.org/tool", "reference": "refs/tags/v1.2"]
        let all = [
            try Derivation(git),
            try fetch("plain", env: ["url": "https://example.org/a.tar.gz"]),
            try fetch(
                "all",
                env: [
                    "url": "file:///srv/b.zip", "hash": hash, "unpack": "true",
                    "strip_components": "1",
                ]),
            try fetch(
                "program",
                env: [
                    "url": "http://example.org/p?q=1", "unpack": "false", "executable": "true",
                ]),
        ]
        return try DerivationGraph(all, roots: all.map(\.hash))
    }

    /// A diamond: a compiler with two outputs, two libraries built by it, and a program of both.
    static func everything() throws -> DerivationGraph {
        let busybox = try fetch(
            "busybox", env: ["url": "https://example.org/busybox", "executable": "true"])
        var compiler = try fields("cc-1.0", builder: try text(busybox))
        compiler.args = ["sh", "-c", "mkdir $out $dev"]
        compiler.outputs = [try OutputName("out"), try OutputName("dev")]
        let cc = try Derivation(compiler)

        let libraries = try ["liba", "libb"].map { name in
            var library = try fields(name, builder: try text(cc) + "/bin/cc")
            library.args = ["-I", try text(cc, "dev") + "/include", "-o", "$out", "\(name).c"]
            library.sources = SourceSet(
                base: try RelativePath("lib/\(name)"),
                paths: try ["lib/include", "lib/\(name)/\(name).c"].map { try RelativePath($0) })
            return try Derivation(library)
        }
        var program = try fields("program", builder: "/bin/sh")
        program.links = ["/bin/sh": try text(busybox), "/usr/lib/cc": try text(cc) + "/lib"]
        program.args = ["build.sh"] + (try libraries.map { try text($0) })
        program.target = try Platform("linux-aarch64")
        program.sources = SourceSet(paths: try ["build.sh", "é.txt"].map { try RelativePath($0) })
        program.outputs = [try OutputName("bin"), try OutputName("doc")]
        program.env = [
            "CFLAGS": "-O2 \"quoted\" \\ /\u{7F}",
            "controls": "\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}",
            "empty": "",
            "scripts": "{{ name }} {{{{ }}",
            "unicode": "é e\u{301} 世界 😀 \u{2028}",
            "ПЕРЕМЕННАЯ": "x",
            "path": (try libraries.map { try text($0) + "/bin" }).joined(separator: ":"),
        ]
        let root = try Derivation(program)
        return try DerivationGraph([root, cc, busybox] + libraries, roots: [root.hash, cc.hash])
    }

    static func generated() throws -> DerivationGraph {
        let python = try fetch("python", env: ["url": "https://example.org/python.tar.xz"])
        var generator = try fields("generated", builder: "derivation_output")
        generator.args = [try text(python) + "/bin/python3", "generate.py"]
        generator.sources = SourceSet(paths: [try RelativePath("generate.py")])
        let root = try Derivation(generator)
        return try DerivationGraph([root, python], roots: [root.hash])
    }

    /// The same paths in the project and in two packages: three derivations.
    static func packages() throws -> DerivationGraph {
        let packages: [String?] = [nil, "example.org/x", "example.org/y"]
        let derivations = try packages.map { package in
            var fields = try fields("same", builder: "/bin/true")
            fields.sources = SourceSet(
                package: try package.map { try PackageName($0) }, base: try RelativePath("lib"),
                paths: [try RelativePath("lib/main.c")])
            return try Derivation(fields)
        }
        return try DerivationGraph(derivations, roots: derivations.map(\.hash))
    }

    /// By the names of their golden files.
    static func all() throws -> [(name: String, graph: DerivationGraph)] {
        [
            ("empty", try empty()), ("smallest", try smallest()), ("fetches", try fetches()),
            ("everything", try everything()), ("generated", try generated()),
            ("packages", try packages()),
        ]
    }
}
