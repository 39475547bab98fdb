import BrambleLang
import BrambleProject

extension Workspace {
    /// What the modules of some targets offer, from their texts alone: nothing is evaluated.
    ///
    /// - Parameter targets: As on the command line; functions in them are left out of account.
    /// - Throws: Mistakes in targets (`usage`), in files of the project (`configuration`), patterns
    ///   that match no module (`nothingMatched`).
    public func modules(_ targets: [String]) throws(BrambleError) -> [ModuleSummary] {
        let project = try OpenProject(location)
        let requests = try BrambleError.catching { () throws(ProjectError) in
            try project.targets.requests(targets)
        }
        var modules: [ModuleName] = []
        for request in requests where !modules.contains(request.module) {
            modules.append(request.module)
        }
        let listings = try BrambleError.evaluating { try evaluator(of: project).list(modules) }
        return listings.map { ModuleSummary($0) }
    }
}
