import SourceDiagnostics
import TestKit

@testable import Starlark

/// A family of chunked files, and what its programs expect from their host.
public enum ConformanceSuite: String, CaseIterable, Sendable {
    /// Ours: `Tests/StarlarkTests/Conformance`.
    case own
    /// starlark-go's, of 2021 and of today: `starlark/testdata`, `resolve/testdata`, `syntax/testdata`,
    /// `starlarkstruct/testdata`.
    case go
    /// The Java implementation's, as the Python package `starlark` carries it.
    case java
    /// The specification's own, whose expectations may name an implementation.
    case specification

    func dialect(_ options: Set<String>, file: String) -> Dialect {
        var dialect = Dialect()
        dialect.allowsRecursion = options.contains("recursion")
        dialect.allowsWhile = options.contains("while") || options.contains("recursion")
        dialect.allowsTopLevelControl = options.contains("toplevelcontrol")
        dialect.allowsGlobalReassignment = options.contains("globalreassign")
        dialect.loadBindsGlobally = options.contains("loadbindsglobally")
        if self == .java || self == .specification {
            dialect.allowsGlobalReassignment = true
            dialect.allowsTopLevelControl = true
        }
        return dialect
    }

    /// Whether an expectation holds for its line only.
    var expectsLines: Bool { self == .own || self == .go }

    // MARK: Names

    func environment(_ functions: HarnessFunctions, file: String) -> Environment {
        var environment = Environment()
        switch self {
        case .own:
            environment.defineStruct()
            environment.defineModule()
            environment.defineJSON()
            environment.defineMath()
            environment.defineModule("assert", functions.assertions)
            environment.define(functions.freeze)
        case .go where file.hasSuffix("resolve.star"):
            for name in ["M", "U"] { environment.define(functions.named(name)) }
        case .go:
            environment.defineStruct()
            for peer in functions.peerObjects { environment.define(peer) }
        case .java, .specification:
            environment.defineStruct()
            environment.defineJSON()
            environment.define(functions.holds("assert_"))
            environment.define(functions.equal("assert_eq"))
            environment.define(functions.fails("assert_fails"))
            environment.define(functions.freeze)
            for peer in functions.javaObjects { environment.define(peer) }
        }
        return environment
    }
}

extension HarnessFunctions {
    /// A function that takes anything and does nothing.
    func named(_ name: String) -> Builtin {
        Builtin(name) { (_: borrowing Call) throws(Failure) -> Value in .none }
    }

    var peerObjects: [Builtin] { [] }

    var javaObjects: [Builtin] {
        [
            Builtin("int_mul_slow") { (call: borrowing Call) throws(Failure) -> Value in
                try call.expect(2)
                return try Operations.binary(.times, call[0], call[1], call.machine)
            }
        ]
    }
}
