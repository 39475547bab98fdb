import AsyncHTTPClient
import NIOHTTP1

/// Which part of a file an answer has (RFC 9110, 14.4).
struct ContentRange: Hashable {
    /// Offset of the first byte: 0 for an answer with all of the file.
    let start: Int
    /// The size of the whole file; nil if the server does not say.
    let total: Int?

    /// - Returns: nil if it is not the part that was asked for.
    init?(_ response: HTTPClientResponse, askedFrom offset: Int) {
        let length = response.headers.first(name: "Content-Length").flatMap { Int($0) }
        guard response.status == .partialContent else {
            self.init(start: 0, total: length)
            return
        }
        guard let text = response.headers.first(name: "Content-Range"),
            let range = ContentRange(parsing: text), range.start == offset
        else { return nil }
        self = range
    }

    /// Reads `bytes 10-99/100`, also with `*` for the total.
    init?(parsing text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0] == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0,
            first <= last
        else { return nil }
        if parts[1] == "*" {
            self.init(start: first, total: nil)
            return
        }
        // Less than the whole rest is no use: we asked for all of it.
        guard let total = Int(parts[1]), last == total - 1 else { return nil }
        self.init(start: first, total: total)
    }

    init(start: Int, total: Int?) {
        self.start = start
        self.total = total
    }
}

/// What to send as `If-Range`, so that a rest is only sent of the very same bytes.
enum RangeValidator {
    /// - Returns: A strong entity tag, or else a date that is strong, which is one at least 60
    ///   seconds before the answer's (RFC 9110, 8.8.2.2); nil if there is neither.
    static func value(_ headers: HTTPHeaders) -> String? {
        if let tag = headers.first(name: "ETag"), tag.hasPrefix("\"") { return tag }
        guard let modified = headers.first(name: "Last-Modified"),
            let date = headers.first(name: "Date"),
            let first = HTTPDate.seconds(modified), let second = HTTPDate.seconds(date),
            second - first >= 60
        else { return nil }
        return modified
    }
}
