import BrambleProject

extension BrambleError {
    init(_ error: ProjectError) {
        let kind: Kind =
            switch error.code {
            case .usage: .usage
            case .configuration, .outside: .configuration
            case .nothingMatched: .nothingMatched
            case .limit: .limit
            case .inputOutput: .files
            }
        self.init(kind, error.message, hint: error.hint)
    }

    init(_ list: DiagnosticList) {
        self.init(.configuration, list.diagnostics.map { .diagnostic($0) })
    }

    /// Runs what may fail for reasons of the project.
    static func catching<Result>(
        _ body: () throws(ProjectError) -> Result
    ) throws(BrambleError) -> Result {
        do throws(ProjectError) {
            return try body()
        } catch {
            throw BrambleError(error)
        }
    }
}
