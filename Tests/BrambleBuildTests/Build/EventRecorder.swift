import BrambleModel
import BrambleStore
import Synchronization

/// Keeps the events of a build, and shows them with names in place of hashes.
final class EventRecorder: Sendable {
    private let events = Mutex<[BuildEvent]>([])

    func append(_ event: BuildEvent) { events.withLock { $0.append(event) } }

    var all: [BuildEvent] { events.withLock { $0 } }

    /// The names of the derivations that a kind of event tells of, in its order.
    func names(_ pick: (BuildEvent) -> DerivationHash?) -> [String] {
        let names = names
        return all.compactMap(pick).map { names[$0] ?? "?" }
    }

    var started: [String] {
        names { if case .started(let hash, _, _, _) = $0 { hash } else { nil } }
    }
    var reused: [String] { names { if case .reused(let hash, _) = $0 { hash } else { nil } } }
    var skipped: [String] {
        names { if case .skipped(let hash, _, _) = $0 { hash } else { nil } }
    }

    var warnings: [String] {
        all.compactMap { if case .warned(let message) = $0 { message } else { nil } }
    }

    private var names: [DerivationHash: String] {
        var names: [DerivationHash: String] = [:]
        for event in all {
            switch event {
            case .started(let hash, let name, _, _), .reused(let hash, let name),
                .joined(let hash, let name), .failed(let hash, let name, _),
                .skipped(let hash, let name, _):
                names[hash] = name.description
            default: break
            }
        }
        return names
    }

    /// A line for each event, without what differs from run to run: times, and hashes of things that
    /// are not derivations.
    var text: String {
        let names = names
        func name(_ hash: DerivationHash) -> String { names[hash] ?? "?" }
        return all.map { event in
            switch event {
            case .planned(let derivations, let pending):
                "planned \(derivations), pending \(pending)"
            case .started(_, let name, let means, _): "started \(name) by \(means)"
            case .reused(_, let name): "reused \(name)"
            case .joined(_, let name): "joined \(name)"
            case .fetched(let hash, let bytes, let total):
                "fetched \(name(hash)) \(bytes)/\(total.map(String.init) ?? "?")"
            case .logged(let hash, let text): "logged \(name(hash)) \(text.dropLast())"
            case .finished(let built, _):
                "finished \(name(built.derivation)) \(built.outputs.map { "\($0.output)" })"
            case .failed(_, let name, let failure): "failed \(name) \(EventRecorder.text(failure))"
            case .skipped(_, let own, let cause): "skipped \(own) because \(name(cause))"
            case .spliced(let hash, let root, let derivations):
                "spliced \(name(hash)) root \(name(root)) of \(derivations)"
            case .warned(let message): "warned \(message)"
            case .ended(let summary):
                "ended built \(summary.built) fetched \(summary.fetched) reused \(summary.reused) "
                    + "failed \(summary.failed) skipped \(summary.skipped)"
            }
        }.map { $0 + "\n" }.joined()
    }

    /// A failure, with the hint on a line of its own.
    static func text(_ failure: BuildFailure) -> String {
        let status = failure.status.map { " (\($0))" } ?? ""
        let hint = failure.hint.map { "\n    hint: \($0)" } ?? ""
        return "\(failure.reason)\(status): " + withoutHashes(failure.message + hint)
    }

    /// Names in the store and hashes of derivations as `HASH`.
    static func withoutHashes(_ text: String) -> String {
        text.replacing(/sha256-[0-9a-f]{64}/, with: "SHA256")
            .replacing(/\b[a-z2-7]{32}\b/, with: "HASH")
    }
}
