import Glibc

/// The file that keeps what was typed, for the next session. Whatever goes wrong with it is no reason to
/// disturb the one that is running, so that nothing here fails.
struct HistoryFile {
    let path: String

    /// `$XDG_STATE_HOME/COMMAND/history`, or the same below `~/.local/state` (XDG Base Directory
    /// Specification); nil without a home.
    static func standard(for command: String) -> HistoryFile? {
        if let state = absolutePath(in: "XDG_STATE_HOME") {
            return HistoryFile(path: state + "/\(command)/history")
        }
        return absolutePath(in: "HOME").map {
            HistoryFile(path: $0 + "/.local/state/\(command)/history")
        }
    }

    /// The value of an environment variable; the specification has relative paths ignored.
    private static func absolutePath(in variable: String) -> String? {
        guard let value = getenv(variable) else { return nil }
        let path = String(cString: value)
        return path.hasPrefix("/") ? path : nil
    }

    /// Reads the texts, and shortens a file that has grown to twice of what is of use.
    func read() -> History {
        // Without the file there is no history yet; an unreadable one is as good as none.
        guard let contents = try? SourceReader.read(path) else { return History() }
        let text = String(decoding: contents.bytes, as: UTF8.self)
        let history = History(file: text)
        if contents.bytes.count(where: { $0 == UInt8(ascii: "\n") }) > 2 * History.maximumCount {
            replace(history)
        }
        return history
    }

    func append(_ text: String) {
        guard text.utf8.count <= History.maximumSizeBytes else { return }
        makeFolders()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        write(History.line(for: text), to: descriptor)
    }

    private func replace(_ history: History) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        write(history.entries.map(History.line).joined(), to: descriptor)
        close(descriptor)
        rename(temporary, path)
    }

    /// One system call, so that sessions that run at once don't mix their lines.
    private func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    private func makeFolders() {
        var end = path.startIndex
        while let slash = path[end...].dropFirst().firstIndex(of: "/") {
            mkdir(String(path[..<slash]), 0o700)
            end = slash
        }
    }
}
