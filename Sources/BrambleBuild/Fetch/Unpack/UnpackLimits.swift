/// How large what is unpacked may become. An archive is not trusted: a few kilobytes can say
/// "fill the disk".
package struct UnpackLimits: Hashable, Sendable {
    /// Of all files together, and of the decompressed archive.
    package var totalBytes: Int
    /// Files, directories and links.
    package var entries: Int
    /// Directories above each other. One descriptor is open for each.
    package var depth: Int
    /// How many times larger than the archive all may become…
    package var ratio: Int
    /// … once it is larger than this: small archives of zeros are common in test data.
    package var ratioFreeBytes: Int

    package init(totalBytes: Int, entries: Int, depth: Int, ratio: Int, ratioFreeBytes: Int) {
        self.totalBytes = totalBytes
        self.entries = entries
        self.depth = depth
        self.ratio = ratio
        self.ratioFreeBytes = ratioFreeBytes
    }

    /// Ten times what the largest releases need: a tool chain with its sources is 3 GiB in 100,000
    /// files, 20 deep, and compresses 12 times.
    package static let standard = UnpackLimits(
        totalBytes: 32 << 30, entries: 1_000_000, depth: 200, ratio: 120,
        ratioFreeBytes: 256 << 20)

    /// Checks a size that was reached.
    ///
    /// - Parameter archiveBytes: The size of the archive itself.
    func check(unpackedBytes: Int, archiveBytes: Int) throws(FetchError) {
        guard unpackedBytes <= totalBytes else {
            throw FetchError(.limit, "it unpacks to more than \(totalBytes) bytes")
        }
        let isBomb =
            unpackedBytes > ratioFreeBytes
            && unpackedBytes / max(archiveBytes, 1) >= ratio
        guard !isBomb else {
            throw FetchError(
                .limit, "it unpacks to more than \(ratio) times its size: a decompression bomb")
        }
    }
}
