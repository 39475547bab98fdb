internal import BrambleModel
import Glibc

/// Looks for names with a NUL in the directory of a zip file, for the reason that `TarNameCheck` has.
///
/// It understands what APPNOTE.TXT 4.3.12 and 4.3.16 say, without Zip64; what it does not understand
/// is libarchive's to judge.
enum ZipNameCheck {
    /// The record at the end, and the longest comment that may follow.
    private static let endBytes = 22
    private static let longestTail = endBytes + 65_535
    private static let entryBytes = 46
    /// More than the names of as many entries as are unpacked; a directory beyond it is not looked at.
    private static let longestDirectory = 256 << 20

    /// - Throws: There is such a name.
    static func check(_ file: Int32, archiveBytes: Int) throws(FetchError) {
        let tailStart = max(0, archiveBytes - longestTail)
        let tail = bytes(file, at: tailStart, count: archiveBytes - tailStart)
        guard let end = lastEnd(tail), let size = word(tail, end + 12, 4),
            let start = word(tail, end + 16, 4), size <= longestDirectory,
            start + size <= archiveBytes
        else { return }
        let directory = bytes(file, at: start, count: size)
        var position = 0
        while word(directory, position, 4) == 0x0201_4B50,
            let name = word(directory, position + 28, 2),
            let extra = word(directory, position + 30, 2),
            let comment = word(directory, position + 32, 2),
            case let nameStart = position + entryBytes, nameStart + name <= directory.count
        {
            let text = directory[nameStart..<(nameStart + name)]
            guard !text.contains(0) else {
                throw FetchError(
                    .archive,
                    "the name \(quoted(String(decoding: text, as: UTF8.self))) has a NUL in it")
            }
            position = nameStart + name + extra + comment
        }
    }

    private static func lastEnd(_ tail: [UInt8]) -> Int? {
        var position = tail.count - endBytes
        while position >= 0 {
            if word(tail, position, 4) == 0x0605_4B50 { return position }
            position -= 1
        }
        return nil
    }

    /// A number, least significant byte first; nil outside of the bytes.
    private static func word(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start >= 0, start + count <= bytes.count else { return nil }
        return bytes[start..<(start + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// As many of the bytes as can be read.
    private static func bytes(_ file: Int32, at start: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let step = pread(
                    file, buffer.baseAddress?.advanced(by: filled), count - filled,
                    start + filled)
                guard step > 0 else { return }
                filled += step
            }
        }
    }
}
