internal import BrambleModel

/// Looks for names with a NUL in the headers of a tar file, as its bytes go by. libarchive ends names
/// there, and says nothing: what is listed elsewhere by one name would be unpacked by another.
///
/// Only extended headers can have such names (POSIX pax, "pax Extended Header"; `L` and `K` of GNU tar). What
/// is not understood here, a header whose checksum is wrong above all, ends the check: all else is
/// libarchive's to judge.
struct TarNameCheck {
    private enum State {
        /// Collecting a header of 512 bytes.
        case header
        /// Collecting an extended header of so many bytes and what fills its last block.
        case names(isRecords: Bool, sizeBytes: Int)
        case skipping(Int)
        case over
    }

    private static let block = 512
    /// libarchive takes no larger ones.
    private static let longestHeaderBytes = 1 << 20

    private var state = State.header
    private var collected: [UInt8] = []

    /// - Throws: There is such a name.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(FetchError) {
        var rest = bytes
        while !rest.isEmpty {
            switch state {
            case .over: return
            case .skipping(let count):
                let step = min(count, rest.count)
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(step))
                state = step == count ? .header : .skipping(count - step)
            case .header:
                if collect(TarNameCheck.block, from: &rest) { endHeader() }
            case .names(let isRecords, let sizeBytes):
                guard collect(TarNameCheck.padded(sizeBytes), from: &rest) else { continue }
                try check(collected[..<sizeBytes], isRecords: isRecords)
                collected = []
                state = .header
            }
        }
    }

    /// - Returns: Whether so many bytes are there now.
    private mutating func collect(_ count: Int, from rest: inout UnsafeRawBufferPointer) -> Bool {
        let step = min(count - collected.count, rest.count)
        collected += rest[..<step]
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(step))
        return collected.count == count
    }

    private mutating func endHeader() {
        defer { collected = [] }
        guard let size = sizeIfValid() else {
            state = .over
            return
        }
        switch collected[156] {
        case UInt8(ascii: "x"), UInt8(ascii: "g"): state = names(isRecords: true, size)
        case UInt8(ascii: "L"), UInt8(ascii: "K"): state = names(isRecords: false, size)
        // Links, devices and directories have no data, whatever their size says.
        case UInt8(ascii: "1")...UInt8(ascii: "6"): state = .header
        default: state = size == 0 ? .header : .skipping(TarNameCheck.padded(size))
        }
    }

    private func names(isRecords: Bool, _ size: Int) -> State {
        guard size <= TarNameCheck.longestHeaderBytes else { return .over }
        return size == 0 ? .header : .names(isRecords: isRecords, sizeBytes: size)
    }

    /// The size that a header says; nil if its checksum is wrong, or the size is not octal.
    private func sizeIfValid() -> Int? {
        let sum = collected.enumerated().reduce(0) { sum, byte in
            sum + ((148..<156).contains(byte.offset) ? 32 : Int(byte.element))
        }
        guard octal(148..<156) == sum else { return nil }
        return octal(124..<136)
    }

    private func octal(_ range: Range<Int>) -> Int? {
        let digits = collected[range].drop { $0 == UInt8(ascii: " ") }
            .prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    private static func padded(_ size: Int) -> Int { (size + block - 1) / block * block }

    private func check(_ bytes: ArraySlice<UInt8>, isRecords: Bool) throws(FetchError) {
        guard isRecords else {
            // GNU tar ends the name with NULs.
            let name = bytes[..<(bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex)]
            return try refuseNUL(name)
        }
        var rest = bytes
        while let space = rest.firstIndex(of: UInt8(ascii: " ")),
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
            length > space + 1 - rest.startIndex, length <= rest.count
        {
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            rest = rest.dropFirst(length)
            let key = record.prefix { $0 != UInt8(ascii: "=") }
            if key.elementsEqual("path".utf8) || key.elementsEqual("linkpath".utf8) {
                try refuseNUL(record.dropFirst(key.count + 1))
            }
        }
    }

    private func refuseNUL(_ name: ArraySlice<UInt8>) throws(FetchError) {
        guard name.contains(0) else { return }
        throw FetchError(
            .archive, "the name \(quoted(String(decoding: name, as: UTF8.self))) has a NUL in it")
    }
}
