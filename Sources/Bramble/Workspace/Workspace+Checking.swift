import BrambleLang
import BrambleProject
import SourceDiagnostics

extension Workspace {
    /// Looks for mistakes in all of the project's files, without evaluating anything.
    ///
    /// - Throws: Mistakes in the manifest (`configuration`), without which nothing else can be read;
    ///   a project without modules (`nothingMatched`).
    public func check() throws(BrambleError) -> CheckReport {
        let project = try OpenProject(location)
        let modules = try BrambleError.catching { () throws(ProjectError) in
            try project.targets.allModules()
        }
        let checker = ModuleChecker(
            provider: project.modules, threads: evaluationOptions.threads)
        let outcome = checker.check(modules)
        return CheckReport(
            moduleCount: modules.count, diagnostics: outcome.findings.flatMap(\.diagnostics),
            problems: outcome.unreadable.map { _, problem in
                .message(problem.message, hint: problem.hint)
            })
    }
}
