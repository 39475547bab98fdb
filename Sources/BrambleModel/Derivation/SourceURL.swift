/// Where something is fetched from. Only the shape is checked.
///
/// At most 8,192 characters of visible ASCII: a scheme in lower case; a host, except for `file`; no
/// fragment. Passwords are refused, and user names with HTTP: a URL is part of what is hashed,
/// logged and locked, and credentials must be in none of those (DESIGN, "Projects").
public struct SourceURL: TextRepresentable, Hashable {
    public enum Scheme: String, CaseIterable, Sendable {
        case http, https, file, ssh
    }

    public static let maximumBytes = 8192

    public let description: String
    public let scheme: Scheme

    public init(_ text: String) throws(Fault) {
        guard text.utf8.count <= SourceURL.maximumBytes else {
            throw Fault(
                .invalidText, "the URL is longer than \(SourceURL.maximumBytes) bytes",
                hint: "shorten it")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Fault(
                .invalidText, "the URL \(quoted(text)) has characters that a URL can't have",
                hint: "write `%` and two hexadecimal digits for each such byte")
        }
        let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2, let scheme = Scheme(rawValue: String(words[0])),
            words[1].hasPrefix("//")
        else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a URL that can be fetched",
                hint: "begin with `https://`, `http://`, `ssh://` or `file:///`")
        }
        if text.utf8.contains(UInt8(ascii: "#")) {
            throw Fault(
                .invalidText, "the URL \(quoted(text)) has a fragment",
                hint: "leave out `#` and what follows; it is never sent")
        }
        description = text
        self.scheme = scheme
        try checkAuthority(words[1].dropFirst(2).prefix { $0 != "/" && $0 != "?" })
    }

    private func checkAuthority(_ authority: Substring) throws(Fault) {
        if scheme == .file {
            guard authority.isEmpty else {
                throw Fault(
                    .invalidText, "the file URL \(quoted(description)) names a host",
                    hint: "write `file:///` and an absolute path")
            }
            return
        }
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        guard let host = parts.last, !host.isEmpty else {
            throw Fault(
                .invalidText, "the URL \(quoted(description)) has no host",
                hint: "write the host after `//`")
        }
        let isUserOnly = parts.count == 2 && scheme == .ssh && !parts[0].contains(":")
        guard parts.count == 1 || isUserOnly else {
            // The message must not repeat the URL: it may be shown and logged.
            throw Fault(
                .invalidText, "the URL for \(quoted(String(host))) has credentials in it",
                hint: "leave them out, and keep them in a netrc file or a credential helper")
        }
    }
}
