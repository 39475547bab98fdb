import BrambleModel
import SourceDiagnostics
import Starlark

extension Predeclared {
    /// `files(include, exclude = [], include_directories = False, allow_empty = False)`.
    static let files = HostFunction(
        "files",
        .required("include", [String].self),
        .defaulted("exclude", [String]()),
        .defaulted("include_directories", false),
        .defaulted("allow_empty", false),
        documentation: "The files that match one of some patterns."
    ) { call, include, exclude, includesDirectories, allowsEmpty in
        let state = EvaluationState.of(call)
        // The innermost function of a program: that in whose file the call stands.
        guard let file = call.callStack.last?.file else {
            preconditionFailure("a call of files stands in a file")
        }
        let query = FileQuery(
            module: state.module(of: file), include: include, exclude: exclude,
            includesDirectories: includesDirectories, allowsEmpty: allowsEmpty)
        let sources: SourceSet
        do {
            sources = try state.provider.files(query)
        } catch {
            let problem = ModuleProblem(error)
            throw EvaluationError("files: \(problem.message)", hint: problem.hint)
        }
        if sources.paths.isEmpty && !allowsEmpty {
            let patterns = include.map { "`\($0)`" }.joined(separator: ", ")
            throw EvaluationError(
                include.isEmpty ? "files: no patterns" : "files: nothing matches \(patterns)",
                hint: "patterns start from the directory of the file with the call; "
                    + "`allow_empty = True` accepts that there is nothing")
        }
        return FilesValue(sources)
    }
}
