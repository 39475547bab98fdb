package import BrambleModel

/// Something in the store that is not as it should be.
package struct Damage: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case content, size, mode, time, missing, extra, kind, target, tree, name, reference,
            unreadable
    }

    package let object: StoreName
    /// The file in it; empty for the object itself.
    package let path: String
    package let kind: Kind
    /// What is wrong, in words.
    package let message: String

    package init(_ object: StoreName, _ path: String, _ kind: Kind, _ message: String) {
        self.object = object
        self.path = path
        self.kind = kind
        self.message = message
    }
}

extension Damage: CustomStringConvertible {
    package var description: String {
        "\(StorePath(object))\(path.isEmpty ? "" : "/\(path)"): \(message)"
    }
}
