import ArgumentParser
import Bramble
import BrambleModel

/// The options of commands that evaluate the project's files.
struct EvaluationOptions: ParsableArguments {
    @Option(
        help: .init("What to build for; by default this machine.", valueName: "platform"),
        transform: EvaluationOptions.platform)
    var target: Platform?

    @Flag(
        name: .customLong("no-cache"),
        help: "Evaluate even what is as it was, and leave the cache alone.")
    var ignoresCache = false

    private static func platform(_ text: String) throws -> Platform {
        do throws(Fault) {
            return try Platform(text)
        } catch {
            throw ValidationError(error.message + (error.hint.map { "; " + $0 } ?? ""))
        }
    }
}

extension Workspace {
    /// The workspace that the current directory is in, for what evaluates nothing.
    convenience init(_ global: GlobalOptions) throws(BrambleError) {
        var options = Options()
        options.jobs = global.jobs
        try self.init(from: ".", options: options)
    }

    /// The workspace that the current directory is in.
    convenience init(_ global: GlobalOptions, _ evaluation: EvaluationOptions) throws(BrambleError)
    {
        var options = Options()
        options.jobs = global.jobs
        options.target = evaluation.target
        options.cacheFolder = evaluation.ignoresCache ? nil : StandardFolders.cache
        try self.init(from: ".", options: options)
    }

    /// Evaluates, and says what the project's files print, and what is to be cancelled by Ctrl-C.
    func evaluate(_ targets: [String], _ console: Console) throws(BrambleError) -> Evaluation {
        let result = try console.cancellable { flag throws(BrambleError) in
            try evaluate(targets, cancellation: flag)
        }
        console.say(printedBy: result)
        console.keep(result)
        return result
    }
}
