public import BrambleModel
import BrambleStore

/// How one object needs another: from object to object, and where in each the next one is named.
public struct ReferencePath: Sendable {
    public struct Step: Sendable {
        public let object: StoreName
        /// The file in it that names the next object, and where in the file; nil for a symlink's
        /// target.
        public let file: String
        public let offset: Int?
        public let next: StoreName
    }

    public let steps: [Step]
}

extension Store {
    /// The shortest way by which one object needs another.
    ///
    /// - Returns: nil if it doesn't.
    /// - Throws: `nothingMatched` if the first is not there, `files`.
    public func path(
        from first: StoreName, to last: StoreName
    ) throws(BrambleError) -> ReferencePath? {
        var cameFrom: [StoreName: StoreName] = [:]
        var pending = [first]
        var seen: Set<StoreName> = [first]
        var position = 0
        while position < pending.count, cameFrom[last] == nil {
            let object = pending[position]
            position += 1
            let references = try BrambleError.storing { () throws(StoreError) in
                try local.findReferences(of: object)
            }
            for next in references where seen.insert(next).inserted {
                cameFrom[next] = object
                pending.append(next)
            }
        }
        guard cameFrom[last] != nil else { return nil }
        var steps: [ReferencePath.Step] = []
        var next = last
        while let object = cameFrom[next] {
            steps.append(try step(from: object, to: next))
            next = object
        }
        return ReferencePath(steps: steps.reversed())
    }

    private func step(
        from object: StoreName, to next: StoreName
    ) throws(BrambleError) -> ReferencePath.Step {
        let entries = try BrambleError.storing { () throws(StoreError) in
            TreeEntries(try local.readTree(of: object))
        }
        let text = Array(next.description.utf8)
        for (path, entry) in entries.byPath.sorted(by: { $0.key < $1.key }) {
            switch entry {
            case .directory: continue
            case .symlink(let target):
                guard target.contains(next.description) else { continue }
                return ReferencePath.Step(object: object, file: path, offset: nil, next: next)
            case .file:
                let file = local.diskPath(of: object) + "/" + path
                guard let offset = try FileComparison.firstOccurrence(of: text, in: file) else {
                    continue
                }
                return ReferencePath.Step(object: object, file: path, offset: offset, next: next)
            }
        }
        throw BrambleError(
            .files, "`\(object)` is recorded to name `\(next)`, and none of its files does",
            hint: "`bramble store verify` looks for damages")
    }
}
