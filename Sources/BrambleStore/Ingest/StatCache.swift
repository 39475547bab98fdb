internal import BrambleModel

/// Digests of files that were read before, by what `stat` says of them (DESIGN, "Store").
///
/// A file whose size, times and inode are the same has the same content, unless it was changed so
/// soon after it had been read that the clock of the file system has not moved. So a digest is kept
/// only if the file was, when it was read, older than that clock's step; what was written just now
/// is read again the next time.
///
/// It is asked for all files of a folder at once, and kept by folders, in the form that the index
/// has it in: then reading it in and writing it out costs next to nothing, however many files there
/// are.
struct StatCache: Equatable, Sendable {
    /// What is known of the files of each folder, by the bytes of its path: their records
    /// (`StatRecord`), sorted by name.
    var folders: [[UInt8]: [UInt8]] = [:]

    init() {}

    /// What is known of a folder.
    struct Known {
        /// In the files' order; nil for those that are not known.
        var digests: [Digest?]
        /// The folder's records, if they are those of its files and of nothing else.
        var records: [UInt8]?
    }

    /// The digests of a folder's files, as far as they are known.
    func find(_ folder: WalkedTree.Folder) -> Known {
        var known = Known(digests: [Digest?](repeating: nil, count: folder.files.count))
        guard let records = folders[Array(folder.path.utf8)] else { return known }
        var isWhole = true
        records.withUnsafeBytes { bytes in
            var merge = StatRecord.Cursor(bytes)
            for number in StatCache.byName(folder.files) {
                let file = folder.files[number]
                if let record = merge.find(file.name), record.matches(file.status) {
                    known.digests[number] = record.digest
                } else {
                    isWhole = false
                }
            }
            isWhole = isWhole && merge.recordCount == folder.files.count && merge.isAtEnd
        }
        if isWhole { known.records = records }
        return known
    }

    /// Takes in records of a folder that are as good as they were.
    mutating func set(_ folder: WalkedTree.Folder, _ records: [UInt8]) {
        folders[Array(folder.path.utf8)] = records
    }

    /// Takes in what is known of a folder's files now.
    ///
    /// - Parameters:
    ///   - digests: In the files' order.
    ///   - now: When the files were looked at, before they were read, in nanoseconds since 1970: what
    ///     was changed just then is left out. nil to take all in, for as long as nobody looks at the
    ///     files again.
    ///   - keepsOthers: Whether what is known of other files of the folder stays.
    mutating func set(
        _ folder: WalkedTree.Folder, _ digests: [Digest?], now: Int64?, keepsOthers: Bool
    ) {
        let path = Array(folder.path.utf8)
        let old = keepsOthers ? folders[path] ?? [] : []
        var new: [UInt8] = []
        new.reserveCapacity(folder.files.count * (StatRecord.fixedBytes + 24))
        old.withUnsafeBytes { old in
            var others = StatRecord.Cursor(old)
            for number in StatCache.byName(folder.files) {
                let file = folder.files[number]
                others.copy(before: file.name, to: &new)
                guard let digest = digests[number],
                    now.map({ StatCache.isSettled(file.status, at: $0) }) ?? true
                else { continue }
                StatRecord.append(file.name, file.status, digest, to: &new)
            }
            others.copyRest(to: &new)
        }
        folders[path] = new.isEmpty ? nil : new
    }

    /// Numbers of files in the order of their names' bytes.
    private static func byName(_ files: [WalkedTree.File]) -> [Int] {
        let isSorted = zip(files, files.dropFirst()).allSatisfy { $0.name.precedes($1.name) }
        if isSorted { return Array(files.indices) }
        return files.indices.sorted { files[$0].name.precedes(files[$1].name) }
    }

    /// Whether a change after `now` would show in the file's times. Linux takes times from a clock
    /// that ticks with the timer, every 10 ms at the slowest. Where there are whole seconds only, it
    /// is two of them (FAT).
    private static func isSettled(_ status: FileStatus, at now: Int64) -> Bool {
        let second: Int64 = 1_000_000_000
        let step = status.changedAt % second == 0 ? 2 * second : 20_000_000
        return max(status.modifiedAt, status.changedAt) < now - step
    }
}
