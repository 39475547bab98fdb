internal import BrambleModel

/// Where a bundle will be: a folder whose path takes the place of the store's prefix, byte for byte.
package struct BundlePrefix: Hashable, Sendable {
    /// Absolute, without a slash at the end.
    package let path: String

    /// What objects hold: the store's prefix without the slash behind it.
    static let canonical = Array(StorePath.prefix.utf8.dropLast())

    /// How many bytes a prefix may have: what it replaces has no more.
    package static let limitBytes = canonical.count

    /// - Parameter text: An absolute path; slashes at its end do not matter.
    /// - Throws: `malformed` for a path that is too long, relative, or holds what scripts and search
    ///   paths could not have in it.
    package init(_ text: String) throws(StoreError) {
        func refused(_ reason: String) -> StoreError {
            // What a message shows must not break its line.
            let shown = String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }
                ))
            return StoreError(.malformed, "the prefix `\(shown)` \(reason)")
        }
        guard text.utf8.first == UInt8(ascii: "/") else { throw refused("is not absolute") }
        let components = text.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
        guard !components.isEmpty else { throw refused("is no folder of its own") }
        guard components.allSatisfy({ !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) })
        else { throw refused("has a component `.` or `..`") }
        guard text.utf8.allSatisfy(BundlePrefix.isPlain) else {
            throw refused("has characters that scripts and search paths give a meaning to")
        }
        path = components.map { "/" + String(decoding: $0, as: UTF8.self) }.joined()
        guard path.utf8.count <= BundlePrefix.limitBytes else {
            throw refused(
                "has \(path.utf8.count) bytes; there is room for \(BundlePrefix.limitBytes)")
        }
    }

    /// The path with so many slashes behind it that it is as long as what it replaces.
    var padded: [UInt8] {
        let bytes = Array(path.utf8)
        let missing = BundlePrefix.limitBytes - bytes.count
        return bytes + [UInt8](repeating: UInt8(ascii: "/"), count: missing)
    }

    /// Letters, digits, some signs, and whatever is not ASCII. A space ends the interpreter in the
    /// first line of a script, a colon an entry of a search path.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: "/._-+@~".utf8.contains(byte)
        }
    }
}
