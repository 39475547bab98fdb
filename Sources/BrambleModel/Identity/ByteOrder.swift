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
        var (mine, other) = (self, other)
        return mine.withUTF8 { mine in other.withUTF8 { precedes(mine, $0) } }
    }

    /// Whether any byte is one of two.
    func hasByte(_ first: UInt8, or second: UInt8) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            ByteWord.contains(UnsafeRawBufferPointer(bytes)) {
                $0.hasByte(first) || $0.hasByte(second)
            }
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
