#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Hashing and comparing bytes, eight at a time.
///
/// The hash multiplies and folds 128-bit products, in the manner of wyhash (Wang Yi, 2019). Its seed is
/// the process's own random one (that of `Hasher`), so that nobody can prepare keys that collide;
/// no order and no output depends on it.
enum ByteHash {
    /// Not a lazy constant, as it is read for every key: `prepare` sets it, once, before a heap exists that keys
    /// could be in. Every thread that reads it has made a heap or was handed one, and so has seen it set.
    nonisolated(unsafe) private static var seed: UInt64 = 0

    private static let isPrepared: Bool = {
        var hasher = Hasher()
        hasher.combine(0x5374_6172)
        seed = UInt64(bitPattern: Int64(hasher.finalize())) | 1
        return true
    }()

    /// Chooses the seed if that was not done yet.
    static func prepare() { precondition(isPrepared) }

    private static let factor1: UInt64 = 0xa076_1d64_78bd_642f
    private static let factor2: UInt64 = 0xe703_7ed1_a0b4_28db

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// A hash that is never 0.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let count = bytes.count
        guard let base = UnsafeRawPointer(bytes.baseAddress), count > 0 else { return 1 }
        var state = seed ^ UInt64(truncatingIfNeeded: count)
        var offset = 0
        while count &- offset > 16 {
            let a = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let b = base.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)
            state = fold(a ^ factor1, b ^ state)
            offset &+= 16
        }
        let (a, b) = tail(base + offset, count &- offset)
        state = fold(a ^ factor2, b ^ state)
        let mixed = fold(state, factor1)
        let result = UInt32(truncatingIfNeeded: mixed ^ (mixed &>> 32))
        return result == 0 ? 1 : result
    }

    /// The last 1 to 16 bytes as two words.
    @inline(__always)
    private static func tail(_ start: UnsafeRawPointer, _ count: Int) -> (UInt64, UInt64) {
        if count >= 8 {
            return (
                start.loadUnaligned(as: UInt64.self),
                start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            )
        }
        if count >= 4 {
            return (
                UInt64(start.loadUnaligned(as: UInt32.self)),
                UInt64(start.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
            )
        }
        let first = start.load(as: UInt8.self)
        let middle = start.load(fromByteOffset: count &>> 1, as: UInt8.self)
        let last = start.load(fromByteOffset: count &- 1, as: UInt8.self)
        return (UInt64(first) &<< 16 | UInt64(middle) &<< 8 | UInt64(last), 0)
    }

    /// Mixes a word into a hash. Never 0.
    @inline(__always)
    static func hash(word: UInt64) -> UInt32 {
        let mixed = fold(word ^ factor1, seed ^ factor2)
        return UInt32(truncatingIfNeeded: mixed ^ (mixed &>> 32)) | 1 &<< 31
    }

    @inline(__always)
    static func equal(
        _ a: UnsafeMutablePointer<UInt8>, _ b: UnsafeMutablePointer<UInt8>, _ count: Int
    ) -> Bool {
        memcmp(a, b, count) == 0
    }

    static func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
        let shared = min(a.count, b.count)
        if shared > 0, let start1 = a.baseAddress, let start2 = b.baseAddress {
            let order = memcmp(start1, start2, shared)
            if order != 0 { return Int(order) }
        }
        return a.count - b.count
    }
}
