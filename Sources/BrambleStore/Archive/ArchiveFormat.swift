/// What an archive of objects is made of (docs/store-format.md, "Archives").
enum ArchiveFormat {
    static let magic = Array("bramble-archive 1\n".utf8)

    /// What a frame is.
    enum Kind: UInt8 {
        /// The name of an object, the names it refers to, and its tree.
        case object = 0x4F
        /// A content that objects which follow need.
        case blob = 0x42
        /// The SHA-256 of all before it.
        case end = 0x45
    }

    /// The kind, and the length in 8 bytes, lowest first.
    static let headerBytes = 9

    /// Larger than the tree of any object: ten million files.
    static let objectLimitBytes = 1 << 30
}
