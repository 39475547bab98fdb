package import BrambleModel
package import BrambleREAPI

extension DigestMessage {
    package init(_ digest: Digest) {
        self.init()
        hash = digest.hash.hex
        sizeBytes = Int64(digest.sizeBytes)
    }
}

extension Digest {
    /// - Returns: nil for anything but a SHA-256 in lower-case hexadecimal digits and a size that can
    ///   be one.
    package init?(_ message: DigestMessage) {
        guard let hash = ContentHash(hex: message.hash.utf8), message.sizeBytes >= 0 else {
            return nil
        }
        self.init(hash: hash, sizeBytes: Int(message.sizeBytes))
    }
}
