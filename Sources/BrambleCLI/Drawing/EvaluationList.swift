import Bramble
import BrambleModel

/// What an evaluation found, for people.
///
/// ```text
/// ./lib:greet
///   opbj3scmttqnao4enbmqkjpixj6eimeu hello
/// ```
enum EvaluationList {
    static func lines(of function: Evaluation.Function) -> String {
        var text = function.target + "\n"
        for derivation in function.derivations {
            text += "  \(derivation.hash) \(derivation.name)\n"
        }
        for run in function.runs { text += "  run \(run.cmd) of \(run.derivation)\n" }
        for test in function.tests { text += "  test \(test.derivation)\n" }
        return text
    }
}
