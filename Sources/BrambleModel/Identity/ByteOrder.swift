/// Comparing texts by the bytes of their UTF-8.
///
/// `==` and `<` of `String` compare by canonical equivalence: a precomposed and a decomposed `é`
/// are equal, and so are `K` and the Kelvin sign. Files, environments and hashes know bytes only,
/// so nothing in this module that may hold more than ASCII is compared with those operators.
extension String {
    func hasSameBytes(as other: String) -> Bool {
        // Equal bytes are canonically equivalent, so this ends early for almost all that differ.
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }

    func precedesByBytes(_ other: String) -> Bool {
        let fast = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { others in
                precedes(mine, others)
            }
        }
        return (fast ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Whether any byte is one of two. Every text of every derivation is asked, so it looks at 16
    /// bytes at a time.
    func hasByte(_ first: UInt8, or second: UInt8) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            let (firsts, seconds) = (
                SIMD16<UInt8>(repeating: first), SIMD16<UInt8>(repeating: second)
            )
            var offset = 0
            while offset + 16 <= raw.count {
                let chunk = raw.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
                if any(chunk .== firsts .| chunk .== seconds) { return true }
                offset += 16
            }
            return raw[offset...].contains { $0 == first || $0 == second }
        }
    }
}

private func precedes(
    _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>
) -> Bool {
    let common = min(first.count, second.count)
    for index in 0..<common where first[index] != second[index] {
        return first[index] < second[index]
    }
    return first.count < second.count
}
