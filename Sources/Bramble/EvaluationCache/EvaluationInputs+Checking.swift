import BrambleModel
import BrambleProject

extension EvaluationInputs {
    /// What a look at the file system tells.
    enum State: Equatable {
        case current
        /// Nothing is different, but some of it had to be read to know: the next look will be
        /// cheaper with these.
        case refreshed(EvaluationInputs)
        case changed
    }

    /// Looks whether all is as it was. A file whose stamp is as it was is not read; a search whose
    /// folders are is not made again.
    func check() -> State {
        var refreshed = self
        var isRefreshed = false
        for (index, file) in files.enumerated() {
            let stamp = FileStamp(path: file.path)
            if file.hash == nil {
                if stamp != nil { return .changed }
            } else if file.stamp == nil || file.stamp != stamp {
                guard let now = File(reading: file.path), now.hash == file.hash else {
                    return .changed
                }
                refreshed.files[index] = now
                isRefreshed = true
            }
        }
        for (index, search) in searches.enumerated() {
            if search.trace?.isCurrent(in: search.root) ?? false { continue }
            guard let now = Search(asking: search.question, in: search.root),
                now.answer == search.answer
            else { return .changed }
            refreshed.searches[index] = now
            isRefreshed = true
        }
        return isRefreshed ? .refreshed(refreshed) : .current
    }
}

extension EvaluationInputs.File {
    /// A file that was not there.
    init(absent path: String) {
        self.init(path: path, hash: nil, stamp: nil)
    }

    /// A file with what was just read from it.
    ///
    /// - Parameter before: Its stamp from before it was read.
    init(path: String, bytes: [UInt8], before: FileStamp?) {
        // A file that was written to while it was read has another stamp by now.
        let isSafe =
            before?.isSettled(at: FileStamp.now) ?? false && FileStamp(path: path) == before
        self.init(path: path, hash: ContentHash(of: bytes), stamp: isSafe ? before : nil)
    }

    /// - Returns: nil if it cannot be read.
    init?(reading path: String) {
        let before = FileStamp(path: path)
        // A file that can't be read any more is not what it was.
        guard let bytes = try? HostFile.read(path) else { return nil }
        self.init(path: path, bytes: bytes, before: before)
    }
}

extension EvaluationInputs.Search {
    init(root: String, question: Question, result: GlobQuery.Result) {
        self.root = root
        self.question = question
        answer = result.paths.map(\.description)
        trace = result.trace.isSettled(at: FileStamp.now) ? result.trace : nil
    }

    /// - Returns: nil if the question has no answer any more.
    init?(asking question: Question, in root: String) {
        // What fails now gave an answer before: that is a change, and the evaluation will say why.
        guard let result = try? question.ask(in: root) else { return nil }
        self.init(root: root, question: question, result: result)
    }
}
