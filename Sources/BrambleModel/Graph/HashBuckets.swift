/// Where in a sorted list of hashes to look for one: by the bits that they begin with.
///
/// Hashes are spread evenly, so a bucket has few of them, whatever the length of the list, and a look-up costs one or two
/// comparisons instead of a binary search's thirteen in ten thousand. Hashes that somebody has made up may all be in one
/// bucket, where they cost that search.
struct HashBuckets: Sendable {
    /// Where each bucket begins, and where the last one ends: at most about half as many as hashes.
    private let starts: [Int32]
    /// How many of a hash's `leadingBits` are not used.
    private let shift: Int

    /// - Parameter hashes: Sorted.
    init(_ hashes: some Collection<DerivationHash>) {
        let bits = max(
            0,
            min(
                ShortHash.leadingBitCount,
                hashes.count.bitWidth - hashes.count.leadingZeroBitCount - 2))
        shift = ShortHash.leadingBitCount - bits
        var starts: [Int32] = []
        starts.reserveCapacity(1 << bits + 1)
        for (number, hash) in hashes.enumerated() {
            let bucket = hash.hash.leadingBits >> shift
            while starts.count <= bucket { starts.append(Int32(number)) }
        }
        while starts.count <= 1 << bits { starts.append(Int32(hashes.count)) }
        self.starts = starts
    }

    /// The numbers that a hash can have in the list.
    func range(of hash: DerivationHash) -> Range<Int> {
        let bucket = hash.hash.leadingBits >> shift
        return Int(starts[bucket])..<Int(starts[bucket + 1])
    }
}
