internal import BrambleModel
internal import Glibc

/// A file of tokens, a line each: a name, roles with commas in between, the SHA-256 of the token as
/// `sha256-` and 64 digits, and if it is to end a day, `2027-01-31`. Lines that begin with `#` say nothing.
package struct TokenFile: Sendable {
    package let tokens: [AccessToken]

    /// - Throws: `malformed`, with the number of the line.
    package init(_ text: String) throws(CacheError) {
        var tokens: [AccessToken] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            do throws(CacheError) {
                tokens.append(try TokenFile.token(words))
            } catch {
                throw CacheError(.malformed, "line \(index + 1): \(error.message)")
            }
        }
        self.tokens = tokens
    }

    /// The token that a client shows; nil if it is none of the file's.
    ///
    /// All are compared, each in the same time whatever it is: how long it takes tells nothing about them.
    package func find(_ shown: String) -> AccessToken? {
        let hash = ContentHash(of: Array(shown.utf8)).bytes
        var found: AccessToken?
        for token in tokens {
            var difference: UInt8 = 0
            for (left, right) in zip(hash, token.hash.bytes) { difference |= left ^ right }
            if difference == 0 { found = token }
        }
        return found
    }

    private static func token(_ words: [Substring]) throws(CacheError) -> AccessToken {
        guard words.count == 3 || words.count == 4 else {
            throw CacheError(
                .malformed, "write `NAME ROLES sha256-HASH`, and a day if it is to end")
        }
        var roles: Set<Role> = []
        for word in words[1].split(separator: ",", omittingEmptySubsequences: false) {
            guard let role = Role(rawValue: String(word)) else {
                throw CacheError(.malformed, "`\(word)` is no role: write read, write, execute")
            }
            roles.insert(role)
        }
        guard let hash = try? ContentHash(String(words[2])) else {
            throw CacheError(
                .malformed,
                "the third word is no hash: write `sha256-` and what `printf %s TOKEN | sha256sum` prints"
            )
        }
        let expiry = words.count == 4 ? try endOfDay(String(words[3])) : nil
        return AccessToken(name: String(words[0]), roles: roles, hash: hash, expiry: expiry)
    }

    /// The end of a day, UTC.
    private static func endOfDay(_ text: String) throws(CacheError) -> Int {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int32($0) }
        var day = tm()
        if numbers.count == 3, parts.map(\.utf8.count) == [4, 2, 2] {
            (day.tm_year, day.tm_mon, day.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
        }
        let seconds = timegm(&day)
        // The 31st of April would have become the first of May.
        guard numbers.count == 3, day.tm_year == numbers[0] - 1900, day.tm_mon == numbers[1] - 1,
            day.tm_mday == numbers[2]
        else { throw CacheError(.malformed, "`\(text)` is no day: write 2027-01-31") }
        return seconds + 24 * 3600
    }
}
