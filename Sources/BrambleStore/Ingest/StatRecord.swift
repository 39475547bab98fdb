internal import BrambleModel
internal import Glibc

/// What is known of one file, as it stands in a `StatCache`: the length of the name in 2 bytes, the
/// name, then 8 bytes each of size, inode and both times, all with the lowest byte first, then the 32
/// bytes of the hash.
struct StatRecord {
    static let fixedBytes = 2 + 4 * 8 + 32

    private let numbers: UnsafeRawBufferPointer

    private func number(_ position: Int) -> UInt64 {
        UInt64(
            littleEndian: numbers.loadUnaligned(
                fromByteOffset: position * 8, as: UInt64.self))
    }

    func matches(_ status: FileStatus) -> Bool {
        number(0) == UInt64(status.sizeBytes) && number(1) == status.inode
            && number(2) == UInt64(bitPattern: status.modifiedAt)
            && number(3) == UInt64(bitPattern: status.changedAt)
    }

    var digest: Digest? {
        guard
            let hash = ContentHash(
                digest: UnsafeRawBufferPointer(rebasing: numbers[32..<64])),
            let size = Int(exactly: number(0))
        else { return nil }
        return Digest(hash: hash, sizeBytes: size)
    }

    static func append(
        _ name: String, _ status: FileStatus, _ digest: Digest, to bytes: inout [UInt8]
    ) {
        bytes.appendNumber(UInt16(name.utf8.count))
        bytes += name.utf8
        bytes.appendNumber(UInt64(status.sizeBytes))
        bytes.appendNumber(status.inode)
        bytes.appendNumber(UInt64(bitPattern: status.modifiedAt))
        bytes.appendNumber(UInt64(bitPattern: status.changedAt))
        digest.hash.append(to: &bytes)
    }

    /// Walks through the records of a folder beside files that come in the order of their names.
    /// What is cut off or no record ends it.
    struct Cursor {
        private let bytes: UnsafeRawBufferPointer
        private var offset = 0
        /// How many records have been passed.
        private(set) var recordCount = 0

        var isAtEnd: Bool { offset == bytes.count }

        init(_ bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
        }

        /// The record of a file, if there is one.
        mutating func find(_ name: String) -> StatRecord? {
            while let end {
                let order = compare(name)
                if order > 0 { return nil }
                defer {
                    offset = end
                    recordCount += 1
                }
                if order == 0 {
                    return StatRecord(
                        numbers: UnsafeRawBufferPointer(rebasing: bytes[end - 64..<end]))
                }
            }
            return nil
        }

        /// Copies the records of other files whose names come before a file's, and passes over its
        /// own.
        mutating func copy(before name: String, to target: inout [UInt8]) {
            while let end {
                let order = compare(name)
                if order > 0 { return }
                if order < 0 { target += bytes[offset..<end] }
                offset = end
            }
        }

        mutating func copyRest(to target: inout [UInt8]) {
            while let end {
                target += bytes[offset..<end]
                offset = end
            }
        }

        /// Where the next record ends; nil if there is none.
        private var end: Int? {
            guard bytes.count - offset >= StatRecord.fixedBytes else { return nil }
            let end = offset + StatRecord.fixedBytes + nameLength
            return end <= bytes.count ? end : nil
        }

        private var nameLength: Int {
            Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        }

        /// - Returns: Below zero if the next record's name comes before a file's, zero if it is its
        ///   own.
        private func compare(_ name: String) -> Int {
            var name = name
            let own = UnsafeRawBufferPointer(rebasing: bytes[offset + 2..<offset + 2 + nameLength])
            return name.withUTF8 { other in
                let count = min(own.count, other.count)
                if let left = own.baseAddress, let right = other.baseAddress {
                    let order = memcmp(left, right, count)
                    if order != 0 { return Int(order) }
                }
                return own.count - other.count
            }
        }
    }
}

extension [UInt8] {
    /// With the lowest byte first.
    mutating func appendNumber(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
