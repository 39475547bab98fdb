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
            moduleCount: modules.count,
            diagnostics: try lockMistakes(project) + outcome.findings.flatMap(\.diagnostics),
            problems: outcome.unreadable.map { _, problem in
                .message(problem.message, hint: problem.hint)
            })
    }

    /// What is wrong with the lock file.
    ///
    /// - Throws: `files` if it cannot be read at all.
    private func lockMistakes(_ project: OpenProject) throws(BrambleError) -> [Diagnostic] {
        let path = location.root + "/" + Lockfile.fileName
        do throws(Lockfile.UpdateFailure) {
            _ = try Lockfile.read(
                in: location.root, named: project.packages.displayName(path))
            return []
        } catch {
            switch error {
            case .unreadable(let list): return list.diagnostics
            case .files(let failure): throw BrambleError(failure)
            case .mismatch, .isLocked: preconditionFailure("reading changes nothing")
            }
        }
    }
}
