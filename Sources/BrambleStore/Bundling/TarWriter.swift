/// Writes a tar file as a stream (POSIX pax, "ustar Interchange Format"; long names and large sizes
/// as "pax Extended Header" has them). Equal members in equal order yield equal bytes: nobody owns
/// them, and their time is the store's.
struct TarWriter {
    enum Member {
        case directory
        /// The content follows by `append`, exactly so many bytes.
        case file(sizeBytes: Int, isExecutable: Bool)
        case symlink(target: String)
    }

    private static let blockBytes = 512
    /// The largest number that the header's field for sizes holds: 11 octal digits.
    private static let headerSizeLimit = 1 << 33 - 1

    private let write: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    /// Of the content of the member that was begun.
    private var written = 0

    init(_ write: @escaping (UnsafeRawBufferPointer) throws(StoreError) -> Void) {
        self.write = write
    }

    /// Begins a member; the one before it is complete.
    mutating func begin(_ path: String, _ member: Member) throws(StoreError) {
        try pad()
        var records: [UInt8] = []
        var target = ""
        var size = 0
        let (type, mode): (UInt8, Int)
        switch member {
        case .directory: (type, mode) = (UInt8(ascii: "5"), 0o755)
        case .file(let sizeBytes, let isExecutable):
            (type, mode) = (UInt8(ascii: "0"), isExecutable ? 0o755 : 0o644)
            size = sizeBytes
        case .symlink(let link):
            (type, mode) = (UInt8(ascii: "2"), 0o777)
            target = link
        }
        if path.utf8.count > TarWriter.nameBytes { records += TarWriter.record("path", path) }
        if target.utf8.count > TarWriter.nameBytes {
            records += TarWriter.record("linkpath", target)
        }
        if size > TarWriter.headerSizeLimit { records += TarWriter.record("size", "\(size)") }
        if !records.isEmpty {
            try put(TarWriter.header("pax", 0o644, records.count, UInt8(ascii: "x"), ""))
            try append(records)
            try pad()
        }
        try put(TarWriter.header(path, mode, size, type, target))
    }

    /// Adds to the content of the member that was begun.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        try write(bytes)
        written += bytes.count
    }

    /// Writes the mark of the end.
    mutating func finish() throws(StoreError) {
        try pad()
        try put([UInt8](repeating: 0, count: 2 * TarWriter.blockBytes))
    }

    private mutating func append(_ bytes: [UInt8]) throws(StoreError) {
        try put(bytes)
        written += bytes.count
    }

    /// Fills the last block of a content.
    private mutating func pad() throws(StoreError) {
        let excess = written % TarWriter.blockBytes
        written = 0
        guard excess > 0 else { return }
        try put([UInt8](repeating: 0, count: TarWriter.blockBytes - excess))
    }

    private func put(_ bytes: [UInt8]) throws(StoreError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try write(UnsafeRawBufferPointer(bytes))
        }
    }

    // MARK: Headers

    private static let nameBytes = 100

    private static func header(
        _ name: String, _ mode: Int, _ size: Int, _ type: UInt8, _ target: String
    ) -> [UInt8] {
        var header: [UInt8] = []
        func text(_ text: String, _ width: Int) {
            // What is longer stands in the extended header, and this is not looked at.
            let bytes = Array(text.utf8.prefix(width))
            header += bytes + [UInt8](repeating: 0, count: width - bytes.count)
        }
        func number(_ number: Int, _ width: Int) {
            let digits = String(number, radix: 8)
            text(String(repeating: "0", count: max(0, width - 1 - digits.count)) + digits, width)
        }
        text(name, nameBytes)
        number(mode, 8)
        number(0, 8)
        number(0, 8)
        number(size > headerSizeLimit ? 0 : size, 12)
        number(StoreTime.seconds, 12)
        // While the checksum is computed its field holds spaces.
        text(String(repeating: " ", count: 8), 8)
        header.append(type)
        text(target, nameBytes)
        text("ustar\0" + "00", 8)
        text("", blockBytes - header.count)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        let digits = String(repeating: "0", count: 6 - sum.utf8.count) + sum + "\0 "
        header.replaceSubrange(148..<156, with: digits.utf8)
        return header
    }

    /// A record of an extended header: its own length, in decimal digits, counts too.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)".utf8.count + rest.utf8.count > length { length += 1 }
        return Array("\(length)\(rest)".utf8)
    }
}
