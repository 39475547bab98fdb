package import BrambleModel
package import SourceDiagnostics

/// Where modules and lists of files come from: a project with what it depends on, or a dictionary
/// in tests.
///
/// All methods may be called from several threads at the same time, and must give the same answers
/// throughout an evaluation. `ModuleProblem`s are shown at the place that asked; any other error
/// is shown there as well, by its description.
package protocol ModuleProvider: Sendable {
    /// The module that `load("text")` in a module means. It need not exist.
    func resolve(_ text: String, from module: ModuleName) throws -> ModuleName

    /// The text of a module. The file's name is what messages call it.
    func source(of module: ModuleName) throws -> SourceFile

    /// The files that a call of `files` means.
    ///
    /// - Returns: The paths that match, with the directory of the module as the base.
    func files(_ query: FileQuery) throws -> SourceSet
}

/// Why a module or a list of files can't be had.
package struct ModuleProblem: Error, Hashable, Sendable {
    /// What is wrong, without a full stop; names stand in backticks.
    package var message: String
    /// What to do about it.
    package var hint: String?

    package init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    /// A problem from any error that a provider throws.
    init(_ error: any Error) {
        self = error as? ModuleProblem ?? ModuleProblem("\(error)")
    }
}

/// What a call of `files` asks for.
package struct FileQuery: Hashable, Sendable {
    /// The module whose file has the call: patterns start from its directory.
    package let module: ModuleName
    /// Patterns of which a path must match one.
    package let include: [String]
    /// Patterns of which it must match none.
    package let exclude: [String]
    /// Whether directories that match are listed as well.
    package let includesDirectories: Bool
    /// Whether it is no mistake that nothing matches. The evaluation checks that.
    package let allowsEmpty: Bool
}
