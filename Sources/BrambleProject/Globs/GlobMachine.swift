/// Several patterns, matched component by component on the way down a tree: a nondeterministic
/// automaton whose states are places in patterns (Thompson 1968). A folder's states are computed
/// once, for all that is in it.
struct GlobMachine {
    /// A place in an alternative of a pattern: so many of its components have matched.
    struct State: Hashable {
        var alternative: Int
        var position: Int
    }

    /// What in a folder can match, or lead to what can.
    enum Interest: Equatable {
        case nothing
        case names(Set<String>)
        case everything
    }

    private let alternatives: [[GlobPattern.Component]]
    /// Which pattern each alternative belongs to.
    private let owners: [Int]

    /// - Parameter patterns: Each from the root, as a list of folders and a glob below them.
    init(_ patterns: [(folders: [String], glob: GlobPattern)]) {
        var alternatives: [[GlobPattern.Component]] = []
        var owners: [Int] = []
        for (number, pattern) in patterns.enumerated() {
            let folders = pattern.folders.map { GlobPattern.Component.literal(Array($0.utf8)) }
            for alternative in pattern.glob.alternatives {
                alternatives.append(folders + alternative)
                owners.append(number)
            }
        }
        self.alternatives = alternatives
        self.owners = owners
    }

    /// The states at the root.
    var start: [State] {
        close(alternatives.indices.map { State(alternative: $0, position: 0) })
    }

    /// The states of what is called `name` in a folder that has `states`.
    func advance(_ states: [State], _ name: String) -> [State] {
        guard !states.isEmpty else { return [] }
        let name = Array(name.utf8)
        var next: [State] = []
        for state in states {
            let alternative = alternatives[state.alternative]
            guard state.position < alternative.count else { continue }
            let component = alternative[state.position]
            if component == .anyDepth {
                next.append(state)
            } else if GlobPattern.matches(component, name) {
                next.append(State(alternative: state.alternative, position: state.position + 1))
            }
        }
        return close(next)
    }

    /// The patterns that have matched.
    func matched(_ states: [State]) -> [Int] {
        states.filter { $0.position == alternatives[$0.alternative].count }
            .map { owners[$0.alternative] }
    }

    func interest(_ states: [State]) -> Interest {
        var names: Set<String> = []
        for state in states where state.position < alternatives[state.alternative].count {
            guard case .literal(let bytes) = alternatives[state.alternative][state.position] else {
                return .everything
            }
            names.insert(String(decoding: bytes, as: UTF8.self))
        }
        return names.isEmpty ? .nothing : .names(names)
    }

    /// `**` may stand for no component at all.
    private func close(_ states: [State]) -> [State] {
        var result: [State] = []
        var seen: Set<State> = []
        var pending = states
        while let state = pending.popLast() {
            guard seen.insert(state).inserted else { continue }
            result.append(state)
            let alternative = alternatives[state.alternative]
            if state.position < alternative.count, alternative[state.position] == .anyDepth {
                pending.append(State(alternative: state.alternative, position: state.position + 1))
            }
        }
        return result
    }
}
