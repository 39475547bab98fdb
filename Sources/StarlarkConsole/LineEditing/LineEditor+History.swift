/// A search for an earlier text, under way.
struct HistorySearch: Equatable {
    var query = ""
    /// The entry that is shown.
    var match: Int?
    /// What to go back to.
    var original: EditBuffer
    var hasFailed = false
}

extension LineEditor {
    /// Shows an entry of the history, or the text being written in place of one.
    mutating func recall(_ index: Int) -> Action {
        let count = history.entries.count
        guard (0...count).contains(index), index != historyIndex else { return .beep }
        if historyIndex == count { draft = buffer }
        historyIndex = index
        buffer = index == count ? draft : EditBuffer(history.entries[index])
        return .redraw
    }

    // MARK: Searching

    mutating func beginSearch() -> Action {
        search = HistorySearch(original: buffer)
        return .redraw
    }

    /// What a key does while a search is under way.
    ///
    /// - Returns: Nil if the search has ended, and the key does what it does otherwise.
    mutating func searchEvent(_ key: Key) -> Action? {
        guard var search else { return nil }
        switch key {
        case .text(let scalar):
            search.query.unicodeScalars.append(scalar)
            find(&search, before: (search.match ?? history.entries.count - 1) + 1)
        case .backspace:
            guard !search.query.isEmpty else { return .beep }
            search.query.removeLast()
            find(&search, before: history.entries.count)
        case .control("r"):
            find(&search, before: search.match ?? history.entries.count)
        case .control("g"), .control("c"):
            buffer = search.original
            self.search = nil
            return .redraw
        default:
            self.search = nil
            if let match = search.match { historyIndex = match }
            return key == .escape ? .redraw : nil
        }
        self.search = search
        return search.hasFailed ? .beep : .redraw
    }

    /// Looks for the query, and shows what is found.
    private mutating func find(_ search: inout HistorySearch, before limit: Int) {
        guard !search.query.isEmpty else {
            search.hasFailed = false
            buffer = search.original
            return
        }
        let match = history.search(search.query, before: limit)
        search.hasFailed = match == nil
        guard let match else { return }
        search.match = match
        buffer = EditBuffer(history.entries[match])
    }
}
