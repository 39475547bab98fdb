public import SourceDiagnostics

/// What a look at all of a project's files has found.
public struct CheckReport: Sendable {
    /// How many modules were looked at.
    public let moduleCount: Int
    /// Mistakes and warnings, by module and place.
    public let diagnostics: [Diagnostic]
    /// Mistakes without a place.
    public let problems: [BrambleError.Problem]

    public var errorCount: Int {
        problems.count + diagnostics.count { $0.severity == .error }
    }

    public var warningCount: Int { diagnostics.count { $0.severity == .warning } }
}
