/// Which parts of the language beyond the specification's core a file may use.
///
/// `standard` is the language of the specification: sets, floats, lambdas and nested functions are
/// part of it. All options are off by default.
public struct Dialect: Sendable, Hashable {
    /// Functions may call themselves, directly or through others.
    public var allowsRecursion = false
    /// `while` statements. Evaluation may not end: set a step limit.
    public var allowsWhile = false
    /// `if`, `for` and `while` statements outside functions.
    public var allowsTopLevelControl = false
    /// A global name may be assigned more than once.
    public var allowsGlobalReassignment = false
    /// Names bound by `load` become globals of the module and are exported; otherwise they are
    /// local to the file.
    public var loadBindsGlobally = false
    /// `load("a/b")` binds the module itself, a value with the module's public globals as its
    /// members, under the last component of the name, and `load(c="a/b")` under a name of one's own.
    public var allowsModuleLoads = false

    public init() {}

    public static let standard = Dialect()
    /// All statements and names that other implementations allow; `load` as in the specification.
    public static var all: Dialect {
        var dialect = Dialect()
        dialect.allowsRecursion = true
        dialect.allowsWhile = true
        dialect.allowsTopLevelControl = true
        dialect.allowsGlobalReassignment = true
        return dialect
    }
}
