/// The name of an object in the store, computed from what it contains (DESIGN, "Store"); or, while
/// the object is being built, a placeholder for it: see `Placeholder`.
public struct StoreName: TextRepresentable, Hashable {
    let hash: ShortHash

    init(hash: ShortHash) {
        self.hash = hash
    }

    /// The name of an object of the store.
    ///
    /// - Parameter content: What is hashed: see `docs/store-format.md`, "Names".
    public init(ofObject content: [UInt8]) {
        hash = ShortHash(.storeObject, content)
    }

    public init(_ text: String) throws(Fault) {
        guard let hash = ShortHash(text.utf8) else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a name in the store",
                hint: "write 32 characters from `a` to `z` and `2` to `7`")
        }
        self.hash = hash
    }

    /// How many characters a name has.
    public static let length = ShortHash.length

    /// 32 characters from `a` to `z` and `2` to `7`.
    public var description: String { hash.description }
}

extension StoreName: Comparable {
    /// The order of the texts.
    public static func < (left: StoreName, right: StoreName) -> Bool {
        left.hash < right.hash
    }
}
