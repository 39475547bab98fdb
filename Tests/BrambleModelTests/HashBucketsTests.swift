import Testing

@testable import BrambleModel

/// Looking for hashes in sorted lists, of any spread.
struct HashBucketsTests {
    private static let digits = Array("234567abcdefghijklmnopqrstuvwxyz")

    /// Hashes that begin with a text and go on at random.
    private static func hashes(
        _ count: Int, beginning: String, _ random: inout some RandomNumberGenerator
    ) throws -> [DerivationHash] {
        try (0..<count).map { _ in
            let rest = (beginning.count..<ShortHash.length).map { _ in
                digits.randomElement(using: &random) ?? "a"
            }
            return try DerivationHash(beginning + String(rest))
        }
    }

    @Test(arguments: [0, 1, 2, 3, 5, 8, 100, 4097], ["", "a", "2222", "zzzz", "mmmmmmmmmmmm"])
    func findsWhatIsThere(count: Int, beginning: String) throws {
        var random = SystemRandomNumberGenerator()
        let sorted = try Set(HashBucketsTests.hashes(count, beginning: beginning, &random)).sorted()
        let buckets = HashBuckets(sorted)
        for (number, hash) in sorted.enumerated() {
            #expect(buckets.range(of: hash).contains(number))
            #expect(sorted.sortedIndex(of: hash, in: buckets.range(of: hash)) { $0 } == number)
        }
        let others =
            try HashBucketsTests.hashes(100, beginning: "", &random) + [
                DerivationHash(String(repeating: "2", count: 32)),
                DerivationHash(String(repeating: "z", count: 32)),
            ]
        for hash in others where !sorted.contains(hash) {
            #expect(sorted.sortedIndex(of: hash, in: buckets.range(of: hash)) { $0 } == nil)
        }
    }

    /// The order of the numbers is the order of the hashes.
    @Test func leadingBitsAreInOrder() throws {
        var random = SystemRandomNumberGenerator()
        let sorted = try HashBucketsTests.hashes(1000, beginning: "", &random).sorted()
        let bits = sorted.map(\.hash.leadingBits)
        #expect(bits == bits.sorted())
        #expect(
            try DerivationHash("2222" + String(repeating: "a", count: 28)).hash.leadingBits == 0)
        #expect(
            try DerivationHash("zzzz" + String(repeating: "a", count: 28)).hash.leadingBits
                == 1 << ShortHash.leadingBitCount - 1)
    }
}
