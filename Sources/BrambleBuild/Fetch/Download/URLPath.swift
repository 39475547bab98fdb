/// Paths in URLs of scheme `file`, and names in URLs at all.
enum URLPath {
    /// The path that a file URL names, or nil for other URLs, and those whose escapes are wrong.
    static func file(_ url: String) -> String? {
        guard url.hasPrefix("file:///") else { return nil }
        return decoded(url.dropFirst("file://".count))
    }

    /// The last component of a URL's path, as it stands there; nil if there is none, or if it would be
    /// more or other than the name of a file.
    static func fileName(_ url: String) -> String? {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        guard let start = path.firstRange(of: "://")?.upperBound,
            let slash = path[start...].lastIndex(of: "/")
        else { return nil }
        let name = path[path.index(after: slash)...]
        guard let plain = decoded(name), !plain.isEmpty, plain != ".", plain != "..",
            !plain.contains("/")
        else { return nil }
        return String(name)
    }

    /// Replaces `%` and two digits by the byte they stand for.
    ///
    /// - Returns: nil if the digits are none, or the result has a NUL or is not UTF-8.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
                continue
            }
            guard let first = rest.popFirst(), let second = rest.popFirst(),
                let high = Character(Unicode.Scalar(first)).hexDigitValue,
                let low = Character(Unicode.Scalar(second)).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high * 16 + low))
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}
