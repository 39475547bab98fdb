public import SourceDiagnostics

/// Programs that are typed in one after the other: each sees what the ones before it have bound.
///
/// Nothing is frozen in between, so a later text may append to a list that an earlier one made. A
/// function keeps to the names as its own text had them: if a later text binds a name anew, the
/// function does not see that. An error leaves what was bound before it, and the session usable.
public final class InteractiveSession {
    /// Runs the texts. Its handlers, limits and cancellation flag are those of the session.
    public let evaluator: Evaluator
    /// The dialect of the texts. Names may always be bound anew.
    public let dialect: Dialect
    private let environment: Environment
    private var bindings: [String: Binding] = [:]

    private struct Binding {
        let globals: GlobalsOwner
        let index: Int

        var word: Value { globals.record.pointee.values[index] }
    }

    /// A session in which nothing is bound but what the environment defines.
    public init(
        environment: Environment = Environment(), dialect: Dialect = .standard,
        limits: EvaluationLimits = EvaluationLimits()
    ) {
        self.environment = environment
        var dialect = dialect
        dialect.allowsGlobalReassignment = true
        self.dialect = dialect
        evaluator = Evaluator(limits: limits)
    }

    /// The names bound so far, sorted.
    public var names: [String] { bindings.keys.sorted() }

    /// The value of a name that was bound, or nil.
    public subscript(name: String) -> StarlarkValue? {
        bindings[name].map { StarlarkValue($0.word, .live(evaluator.context.token)) }
    }

    /// Runs a text. Whether it is complete is for `SyntaxTree.completeness` to say.
    ///
    /// - Returns: the value of its last statement, if that is an expression.
    /// - Throws: `SyntaxErrors`, `EvaluationError`.
    public func run(_ file: SourceFile) throws -> StarlarkValue? {
        let (program, yieldsValue) = try Program.compile(
            yieldingValue: file, dialect: dialect, predeclared: environment.names,
            boundBefore: Set(bindings.keys))
        return try evaluator.evaluation { () throws(Failure) in
            let globals = try evaluator.start(program) { self[$0] ?? environment[$0] }
            for (index, global) in program.globalNames.enumerated() {
                if let word = bindings[global.name]?.word {
                    globals.record.pointee.values[index] = word
                }
            }
            // What was bound before an error stays bound.
            defer { adopt(globals) }
            let value = try evaluator.execute(globals)
            return yieldsValue ? StarlarkValue(value, .live(evaluator.context.token)) : nil
        }
    }

    /// Makes the names that a text bound those of the session. Its globals stay in the evaluator's
    /// list, so that what they refer to is not collected.
    private func adopt(_ globals: GlobalsOwner) {
        for (index, global) in globals.program.globalNames.enumerated()
        where !globals.record.pointee.values[index].isUnbound {
            bindings[global.name] = Binding(globals: globals, index: index)
        }
    }
}
