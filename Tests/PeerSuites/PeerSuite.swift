import StarlarkConformance

/// A suite of another implementation: where its files are, and by what rules they run.
struct PeerSuite {
    /// The files of a folder that run by the same rules.
    struct Part {
        /// Below the suite's folder.
        var folder: String
        var rules: SuiteRules
        /// No tests of the language: benchmarks, and what the suites' own programs read.
        var excluded: Set<String> = []
    }

    var name: String
    var parts: [Part]

    static let all = [
        PeerSuite(name: "starlark-go-2021", parts: oldGoParts),
        PeerSuite(name: "starlark-go", parts: goParts),
        PeerSuite(name: "java", parts: [javaPart("conformance")]),
        PeerSuite(
            name: "starlark",
            parts: ["java", "go", "rust"].map { specificationPart("test_suite/testdata/\($0)") }),
    ]

    private static let goParts = [
        Part(
            folder: "starlark/testdata", rules: SuiteRules(assertions: .loadedModule),
            excluded: ["benchmark.star", "paths.star"]),
        Part(folder: "starlarkstruct/testdata", rules: SuiteRules(assertions: .loadedModule)),
        Part(
            folder: "resolve/testdata",
            rules: SuiteRules(
                stage: .resolve, assertions: .loadedModule, predeclared: ["M", "U"])),
        Part(
            folder: "syntax/testdata", rules: SuiteRules(stage: .parse, assertions: .loadedModule),
            excluded: ["scan.star"]),
        // A text to scan, which has comments of many number signs.
        Part(
            folder: "syntax/testdata",
            rules: SuiteRules(stage: .parse, assertions: .loadedModule, expectsNoErrors: true),
            excluded: ["errors.star"]),
    ]

    /// In 2021 there were fewer options, which meant more.
    private static let oldGoParts = goParts.map { part in
        var part = part
        part.rules.impliedOptions = [
            "recursion": "while", "globalreassign": "toplevelcontrol",
        ]
        return part
    }

    private static func javaPart(_ folder: String) -> Part {
        Part(
            folder: folder,
            rules: SuiteRules(
                assertions: .functions, options: ["globalreassign", "toplevelcontrol"],
                ignoresLines: true),
            excluded: [
                "bench_call.star", "bench_dict.star", "bench_int.star", "bench_list.star",
                "bench_sorted.star", "bench_string.star",
            ])
    }

    /// Each line of these files that is to fail ends its chunk, so that no lines need be compared.
    private static func specificationPart(_ folder: String) -> Part {
        Part(
            folder: folder,
            rules: SuiteRules(
                assertions: .functions, options: ["globalreassign", "toplevelcontrol"],
                ignoresLines: true, isLenient: true))
    }
}
