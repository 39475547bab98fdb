import Starlark

/// What the chunks of a suite may count on, and how their expectations are meant.
public struct SuiteRules: Sendable {
    /// How far a chunk is taken.
    public enum Stage: Sendable {
        case parse, resolve, run
    }

    /// Which assertions are predeclared, or can be loaded.
    public enum Assertions: Sendable {
        /// `assert.eq` and so on; predeclared.
        case predeclaredModule
        /// The same, from `load("assert.star", …)`.
        case loadedModule
        /// `assert_eq`, `assert_fails` and so on.
        case functions
    }

    public var stage: Stage
    public var assertions: Assertions
    /// The options that every chunk has, besides its own.
    public var options: Set<String>
    /// What else an option turns on.
    public var impliedOptions: [String: String] = [:]
    /// Names that are predeclared, for suites that are not run.
    public var predeclared: [String]
    /// What looks like an expected error is not meant so.
    public var expectsNoErrors: Bool
    /// An expected error counts wherever in the chunk it comes.
    public var ignoresLines: Bool
    /// What is expected may be found as it stands, too, and in any case of letters. It may be
    /// limited to one implementation: `go: text`.
    public var isLenient: Bool

    public init(
        stage: Stage = .run, assertions: Assertions, options: Set<String> = [],
        predeclared: [String] = [], expectsNoErrors: Bool = false, ignoresLines: Bool = false,
        isLenient: Bool = false
    ) {
        self.stage = stage
        self.assertions = assertions
        self.options = options
        self.predeclared = predeclared
        self.expectsNoErrors = expectsNoErrors
        self.ignoresLines = ignoresLines
        self.isLenient = isLenient
    }

    /// The rules of our own suite.
    public static let own = SuiteRules(assertions: .predeclaredModule)

    /// The dialect for a chunk with these options.
    func dialect(_ chunkOptions: Set<String>) -> Dialect {
        var options = options.union(chunkOptions)
        for option in options { options.formUnion(impliedOptions[option].map { [$0] } ?? []) }
        var dialect = Dialect.standard
        dialect.allowsRecursion = options.contains("recursion")
        dialect.allowsWhile = options.contains("while")
        dialect.allowsTopLevelControl = options.contains("toplevelcontrol")
        dialect.allowsGlobalReassignment = options.contains("globalreassign")
        dialect.allowsModuleLoads = options.contains("moduleloads")
        dialect.loadBindsGlobally = options.contains("loadbindsglobally")
        return dialect
    }
}
