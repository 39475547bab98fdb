import CBrambleSandbox
import Glibc

extension RootPlan {
    /// Bytes on disk of all that stands in the writable mounts, and in a root that is a folder. Stops
    /// counting beyond the limit.
    func writtenBytes(upTo limit: Int) -> Int {
        let mounted = steps.filter { $0.kind == .bindWritable }.map(\.source)
        var total = 0
        for folder in (rootFolder.map { [$0] } ?? []) + mounted where total <= limit {
            total += RootPlan.bytes(below: folder, upTo: limit - total)
        }
        return total
    }

    /// Bytes on disk below a folder, or of a file. What cannot be read, as it goes while we look, counts
    /// for nothing: the next look is soon.
    private static func bytes(below path: String, upTo limit: Int) -> Int {
        guard let start = strdup(path) else { return 0 }
        defer { free(start) }
        var roots: [UnsafeMutablePointer<CChar>?] = [start, nil]
        guard let walk = fts_open(&roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nil) else {
            return 0
        }
        defer { fts_close(walk) }
        var total = 0
        while total <= limit, let entry = fts_read(walk) {
            guard let status = entry.pointee.fts_statp, Int32(entry.pointee.fts_info) != FTS_DP
            else { continue }
            // Blocks have 512 bytes whatever the file system's are (stat(2)).
            total += Int(status.pointee.st_blocks) * 512
        }
        return total
    }
}
