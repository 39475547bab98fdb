internal import BrambleModel

/// Finds names of objects, 32 characters of base32 each, in any bytes.
///
/// Few bytes of a file are among the 32 of the alphabet 32 times in a row, so a window is looked at
/// from its end: a byte that is not in the alphabet rules out every window that holds it, and the
/// search goes on behind it. No byte is looked at twice, and in most files one in thirty is looked
/// at at all. What is left, runs of the alphabet, is looked up eight characters at a time in a
/// table.
struct NameScanner: Sendable {
    static let length = StoreName.length

    /// A name as it stands in memory.
    private struct Pattern: Equatable {
        let words: SIMD4<UInt64>

        init(_ start: UnsafeRawPointer) {
            words = start.loadUnaligned(as: SIMD4<UInt64>.self)
        }
    }

    /// What is looked for, in the order given.
    let names: [StoreName]

    private let patterns: [Pattern]
    /// Numbers of patterns by the hash of their first word; -1 where there is none. A pattern that
    /// finds its place taken goes to the next free one.
    private let slots: [Int32]
    private let shift: UInt64

    /// - Parameter names: Each once.
    init(_ names: [StoreName]) {
        self.names = names
        patterns = names.map { name in
            Array(name.description.utf8).withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else {
                    preconditionFailure("a name without characters")
                }
                return Pattern(start)
            }
        }
        // At most a quarter of the table is taken: most runs end at the first look.
        let bits = max(6, Int.bitWidth - (names.count * 4).leadingZeroBitCount)
        shift = UInt64(64 - bits)
        var slots = [Int32](repeating: -1, count: 1 << bits)
        for (number, pattern) in patterns.enumerated() {
            var slot = NameScanner.slot(pattern.words.x, shift)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
        self.slots = slots
    }

    /// Looks for names that lie in the bytes as a whole.
    ///
    /// - Parameter found: Gets the offset and the number of the name, lowest offsets first; says at
    ///   how many bytes from that offset the search goes on: 1, or 32 if names must not overlap.
    func scan(
        _ bytes: UnsafeRawBufferPointer, _ found: (_ offset: Int, _ name: Int) -> Int
    ) {
        guard !names.isEmpty, bytes.count >= NameScanner.length, let base = bytes.baseAddress
        else { return }
        let last = bytes.count - NameScanner.length
        var start = 0
        // The bytes from `start` to here are known to be of the alphabet.
        var known = 0
        while start <= last {
            var probe = start + NameScanner.length - 1
            while probe >= known,
                NameScanner.isDigit(base.load(fromByteOffset: probe, as: UInt8.self))
            {
                probe -= 1
            }
            if probe >= known {
                start = probe + 1
                known = start
                continue
            }
            known = start + NameScanner.length
            if let name = lookUp(base.advanced(by: start)) {
                start += found(start, name)
                known = max(known, start)
            } else {
                start += 1
            }
        }
    }

    @inline(__always)
    private func lookUp(_ start: UnsafeRawPointer) -> Int? {
        let first = start.loadUnaligned(as: UInt64.self)
        var slot = NameScanner.slot(first, shift)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if patterns[number].words.x == first, patterns[number] == Pattern(start) {
                return number
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    @inline(__always)
    private static func slot(_ word: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "2") < 6
    }
}
