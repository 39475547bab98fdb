#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where bytes occur in other bytes. Every search takes time linear in the lengths, whatever the
/// bytes.
///
/// A search tries the places where the first byte of the needle is; after many failures it goes
/// on with a rolling hash (Karp and Rabin, 1987), whose matches are verified. `memmem` of the C
/// libraries would do, but Swift's modules of them do not have it.
enum ByteSearch {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// The offset of the first `needle` at or after `start`, or -1. An empty one is found at
    /// `start`.
    static func first(_ needle: Bytes, in haystack: Bytes, from start: Int = 0) -> Int {
        let length = needle.count
        guard length <= haystack.count - start else { return -1 }
        guard let base = haystack.baseAddress, let pattern = needle.baseAddress, length > 0
        else { return start }
        let end = haystack.count - length + 1
        var (position, failures) = (start, 0)
        while position < end {
            guard let found = memchr(base + position, Int32(pattern[0]), end - position)
            else { return -1 }
            position = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            if base[position + length - 1] == pattern[length - 1],
                memcmp(base + position, pattern, length) == 0
            {
                return position
            }
            position += 1
            failures += 1
            // Where the first byte of the needle is common, other means are faster.
            if failures > 16 + (position - start) / 16 {
                return firstByHash(pattern, length, base, from: position, end: end)
            }
        }
        return -1
    }

    private static func firstByHash(
        _ pattern: UnsafePointer<UInt8>, _ length: Int, _ base: UnsafePointer<UInt8>,
        from start: Int, end: Int
    ) -> Int {
        guard start < end else { return -1 }
        var (sought, window) = (RollingHash(), RollingHash())
        for index in 0..<length {
            sought.append(pattern[index])
            window.append(base[start + index])
        }
        let factor = RollingHash.factor(ofFirstIn: length)
        var position = start
        while true {
            if window == sought, memcmp(base + position, pattern, length) == 0 { return position }
            position += 1
            if position == end { return -1 }
            window.remove(base[position - 1], factor: factor)
            window.append(base[position + length - 1])
        }
    }

    /// The offset of the last `needle`, or -1. An empty one is found at the end.
    static func last(_ needle: Bytes, in haystack: Bytes) -> Int {
        let length = needle.count
        guard length <= haystack.count else { return -1 }
        guard let base = haystack.baseAddress, let pattern = needle.baseAddress, length > 0
        else { return haystack.count }
        var (position, failures) = (haystack.count - length, 0)
        while position >= 0 {
            if base[position] == pattern[0] {
                if memcmp(base + position, pattern, length) == 0 { return position }
                failures += 1
                if failures > 64 { return lastByHash(pattern, length, base, upTo: position - 1) }
            }
            position -= 1
        }
        return -1
    }

    private static func lastByHash(
        _ pattern: UnsafePointer<UInt8>, _ length: Int, _ base: UnsafePointer<UInt8>,
        upTo start: Int
    ) -> Int {
        guard start >= 0 else { return -1 }
        // Both read backwards, so that the window rolls to the left.
        var (sought, window) = (RollingHash(), RollingHash())
        for index in (0..<length).reversed() {
            sought.append(pattern[index])
            window.append(base[start + index])
        }
        let factor = RollingHash.factor(ofFirstIn: length)
        var position = start
        while true {
            if window == sought, memcmp(base + position, pattern, length) == 0 { return position }
            if position == 0 { return -1 }
            position -= 1
            window.remove(base[position + length], factor: factor)
            window.append(base[position])
        }
    }

    /// How many `needle`s there are, not overlapping. An empty one is between any two code points.
    static func count(_ needle: Bytes, in haystack: Bytes) -> Int {
        if needle.count == 0 { return CodePoint.count(in: haystack) + 1 }
        if needle.count == 1 { return count(needle[0], in: haystack) }
        var (result, position) = (0, first(needle, in: haystack))
        while position >= 0 {
            result += 1
            position = first(needle, in: haystack, from: position + needle.count)
        }
        return result
    }

    static func count(_ byte: UInt8, in haystack: Bytes) -> Int {
        var result = 0
        for other in haystack where other == byte { result &+= 1 }
        return result
    }

    static func hasPrefix(_ bytes: Bytes, _ prefix: Bytes) -> Bool {
        guard prefix.count <= bytes.count else { return false }
        guard prefix.count > 0, let start = bytes.baseAddress, let other = prefix.baseAddress
        else { return true }
        return memcmp(start, other, prefix.count) == 0
    }

    static func hasSuffix(_ bytes: Bytes, _ suffix: Bytes) -> Bool {
        guard suffix.count <= bytes.count else { return false }
        return hasPrefix(Bytes(rebasing: bytes[(bytes.count - suffix.count)...]), suffix)
    }
}

/// The bytes of a window as digits of a number, modulo a prime. The base is the process's own
/// random one, so that nobody can prepare bytes whose hashes collide.
private struct RollingHash: Equatable {
    private var value: UInt64 = 0

    /// A Mersenne prime: reducing a product takes a shift and additions.
    private static let prime: UInt64 = (1 << 61) - 1
    private static let base: UInt64 = {
        var hasher = Hasher()
        hasher.combine(0x5269_6e67)
        return UInt64(bitPattern: Int64(hasher.finalize())) % (prime - 512) + 256
    }()

    @inline(__always)
    private static func multiply(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        let high = product.high &<< 3 | product.low &>> 61
        let sum = (product.low & prime) &+ high
        return sum >= prime ? sum &- prime : sum
    }

    /// What the first byte in a window of `length` bytes is multiplied by.
    static func factor(ofFirstIn length: Int) -> UInt64 {
        var (result, power, exponent) = (UInt64(1), base, length - 1)
        while exponent > 0 {
            if exponent & 1 != 0 { result = multiply(result, power) }
            power = multiply(power, power)
            exponent &>>= 1
        }
        return result
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        let sum = RollingHash.multiply(value, RollingHash.base) &+ UInt64(byte)
        value = sum >= RollingHash.prime ? sum &- RollingHash.prime : sum
    }

    @inline(__always)
    mutating func remove(_ byte: UInt8, factor: UInt64) {
        let part = RollingHash.multiply(UInt64(byte), factor)
        value = value >= part ? value &- part : value &+ RollingHash.prime &- part
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The bytes from `start` up to `end`, both in range.
    @inline(__always)
    func part(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: baseAddress.map { $0 + start }, count: end &- start)
    }
}
