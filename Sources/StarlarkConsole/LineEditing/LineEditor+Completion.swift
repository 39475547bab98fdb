/// How a text can go on.
struct Completion: Equatable {
    /// How many characters before the cursor are the beginning of the candidates.
    var prefixLength: Int
    /// Whole names, sorted.
    var candidates: [String]
}

extension LineEditor {
    /// The answer to `Action.complete`: inserts what the candidates have in common, or lists them.
    mutating func offer(_ completion: Completion) -> Action {
        guard let first = completion.candidates.first else { return .beep }
        let common = completion.candidates.dropFirst().reduce(first) { common, candidate in
            String(zip(common, candidate).prefix { $0 == $1 }.map(\.0))
        }
        let rest = common.dropFirst(completion.prefixLength)
        if !rest.isEmpty {
            buffer.insert(String(rest))
            return .redraw
        }
        guard completion.candidates.count > 1 else { return .beep }
        candidates = completion.candidates
        return .redraw
    }
}
