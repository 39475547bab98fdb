import Bramble
import BrambleModel

/// Why something is built anew, for people.
///
/// ```text
/// since the last build of ./lib:server:
///   server > parser: source `src/parser.c` changed
/// ```
enum ReasonList {
    static func text(_ reasons: Reasons, target: String) -> String {
        switch reasons.comparison {
        case .neverBuilt: return "\(target) was never built on this machine\n"
        case .onlyBuild:
            return "nothing has changed since the last build of \(target), which is the only one\n"
        case .sinceLastBuild:
            return "since the last build of \(target):\n" + lines(reasons.leaves)
        case .ofLastBuild where reasons.leaves.isEmpty:
            return "nothing has changed since the last build of \(target)\n"
        case .ofLastBuild:
            return
                "nothing has changed since the last build of \(target); that one was made because:\n"
                + lines(reasons.leaves)
        }
    }

    private static func lines(_ leaves: [Reasons.Leaf]) -> String {
        leaves.flatMap { leaf in
            leaf.changes.map { change in
                let path = leaf.path.map(\.description).joined(separator: " > ")
                return "  " + (path.isEmpty ? "" : path + ": ") + change + "\n"
            }
        }.joined()
    }
}
