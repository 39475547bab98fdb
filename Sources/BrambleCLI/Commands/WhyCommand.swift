import ArgumentParser
import Bramble
import BrambleModel

/// `bramble why TARGET`, `bramble why OBJECT OBJECT`
struct WhyCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a target is built anew, or why one object needs another.",
        discussion: """
            Of a target: which leaf has changed since it was last built; or, if nothing has, which \
            one led to the last build. Of two objects of the store: by which files the first one \
            refers to the second.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions

    @Argument(help: .init("A target; or an object that needs another.", valueName: "target"))
    var first: String

    @Argument(help: .init("The object that is needed.", valueName: "object"))
    var second: String?

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        if let second { return try explainReference(to: second, store, console) }
        let workspace = try Workspace(global, evaluation)
        let reasons = try console.cancellable { cancellation throws(BrambleError) in
            try workspace.reasons(for: first, in: store, cancellation: cancellation)
        }
        console.write(ReasonList.text(reasons, target: first))
        return .success
    }

    private func explainReference(
        to second: String, _ store: Store, _ console: Console
    ) throws -> ExitStatus {
        let (from, to) = (try store.objectName(first), try store.objectName(second))
        guard let path = try store.path(from: from, to: to) else {
            console.say("`\(from)` does not need `\(to)`")
            return .nothingMatched
        }
        for step in path.steps {
            let place = step.offset.map { "at byte \($0)" } ?? "the target of the link"
            console.write("\(step.object)/\(step.file), \(place): \(step.next)\n")
        }
        return .success
    }
}
