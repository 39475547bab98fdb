public import BrambleModel

/// Why a target was, or will be, built anew: the leaves that have changed.
public struct Reasons: Sendable {
    /// Something that has changed, and not only because of what it needs.
    public struct Leaf: Sendable {
        /// From the target down to what has changed.
        public let path: [DerivationName]
        /// What has changed: `source src/main.c changed`.
        public let changes: [String]
    }

    public enum Comparison: Sendable {
        /// The target was never built on this machine.
        case neverBuilt
        /// What is there now, with the last build.
        case sinceLastBuild
        /// Nothing has changed since the last build; that one with the one before it.
        case ofLastBuild
        /// Nothing has changed, and there is no build before the last one.
        case onlyBuild
    }

    public let comparison: Comparison
    public let leaves: [Leaf]
}

/// Compares two graphs from their roots: what corresponds is told by names, as hashes change with
/// every leaf.
struct GraphComparison {
    let old: DerivationGraph
    let new: DerivationGraph
    let oldSources: [DerivationHash: Digest]
    let newSources: [DerivationHash: Digest]
    /// Which files differ between two source trees; empty if it cannot be told any more.
    let changedFiles: (Derivation, Digest, Digest) -> [String]

    private struct Pair: Hashable {
        let old: DerivationHash
        let new: DerivationHash
    }

    /// More than these are not read.
    private static let maximumLeaves = 20

    func leaves(oldRoots: [DerivationHash], newRoots: [DerivationHash]) -> [Reasons.Leaf] {
        var leaves: [Reasons.Leaf] = []
        var seen: Set<Pair> = []
        var pending: [(pair: Pair, path: [DerivationName])] = []
        func match(
            _ olds: [Derivation], _ news: [Derivation], _ path: [DerivationName]
        ) -> [String] {
            var changes: [String] = []
            let oldNames = Dictionary(grouping: olds, by: \.name)
            let newNames = Dictionary(grouping: news, by: \.name)
            for name in Set(oldNames.keys).union(newNames.keys).sorted() {
                let (before, after) = (oldNames[name] ?? [], newNames[name] ?? [])
                for (one, other) in zip(before, after)
                where seen.insert(
                    Pair(old: one.hash, new: other.hash)
                ).inserted {
                    pending.append((Pair(old: one.hash, new: other.hash), path + [name]))
                }
                if before.count < after.count { changes.append("it now needs `\(name)`") }
                if before.count > after.count { changes.append("it no longer needs `\(name)`") }
            }
            return changes
        }
        let rootChanges = match(
            oldRoots.compactMap { old[$0] }, newRoots.compactMap { new[$0] }, [])
        if !rootChanges.isEmpty { leaves.append(Reasons.Leaf(path: [], changes: rootChanges)) }
        while let (pair, path) = pending.popLast(), leaves.count < GraphComparison.maximumLeaves {
            guard let one = old[pair.old], let other = new[pair.new] else { continue }
            let sourcesAreSame = oldSources[pair.old] == newSources[pair.new]
            if pair.old == pair.new, sourcesAreSame, !differsBelow(one, other) { continue }
            var changes = ownChanges(one, other)
            changes += match(inputs(of: one, old), inputs(of: other, new), path)
            if !changes.isEmpty { leaves.append(Reasons.Leaf(path: path, changes: changes)) }
        }
        return leaves.sorted {
            $0.path.map(\.description).lexicographicallyPrecedes($1.path.map(\.description))
        }
    }

    /// Whether anything that a derivation needs may have changed, though its recipe has not: sources
    /// are no part of it.
    private func differsBelow(_ one: Derivation, _ other: Derivation) -> Bool {
        !oldSources.isEmpty || !newSources.isEmpty
    }

    private func inputs(of derivation: Derivation, _ graph: DerivationGraph) -> [Derivation] {
        var seen: Set<DerivationHash> = []
        return derivation.references.compactMap { reference in
            seen.insert(reference.derivation).inserted ? graph[reference.derivation] : nil
        }
    }

    private func ownChanges(_ old: Derivation, _ new: Derivation) -> [String] {
        var changes: [String] = []
        if withoutHashes(old.builder) != withoutHashes(new.builder) {
            changes.append("`builder` is another")
        }
        if old.args.map(withoutHashes) != new.args.map(withoutHashes) {
            changes.append("`args` are others")
        }
        changes += textChanges(old.env, new.env, "env")
        changes += textChanges(old.links, new.links, "links")
        if old.outputs != new.outputs { changes.append("`outputs` are others") }
        if old.platform != new.platform || old.target != new.target {
            changes.append("it is for another platform")
        }
        if let before = oldSources[old.hash], let after = newSources[new.hash], before != after {
            let files = changedFiles(new, before, after)
            changes += files.isEmpty ? ["its sources changed"] : files
        } else if old.sources?.paths != new.sources?.paths {
            changes.append("it has other sources")
        }
        return changes
    }

    private func textChanges(_ old: TextMap, _ new: TextMap, _ field: String) -> [String] {
        Set(old.entries.map(\.name)).union(new.entries.map(\.name)).sorted().compactMap { name in
            switch (old[name], new[name]) {
            case (nil, _): "`\(field)` has `\(name)` now"
            case (_, nil): "`\(field)` has no `\(name)` any more"
            case (let old?, let new?) where withoutHashes(old) != withoutHashes(new):
                "`\(field)`: `\(name)` is another"
            default: nil
            }
        }
    }

    /// A text with its references made equal: that what it refers to has changed is another's change.
    private func withoutHashes(_ text: String) -> [String] {
        var parts: [String] = []
        // Texts of derivations were checked.
        guard let occurrences = try? Reference.scan(text) else { return [text] }
        let bytes = Array(text.utf8)
        var start = 0
        for occurrence in occurrences {
            parts.append(
                String(decoding: bytes[start..<occurrence.range.lowerBound], as: UTF8.self))
            parts.append(":\(occurrence.reference.output)")
            start = occurrence.range.upperBound
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }
}
