internal import BrambleModel

/// What the server's storage knows a file by.
struct CacheKey: Hashable, Sendable {
    enum Kind: UInt8, CaseIterable, Sendable {
        case blob, actionResult

        /// The folder that its files are in.
        var folder: String {
            switch self {
            case .blob: "cas"
            case .actionResult: "ac"
            }
        }
    }

    let kind: Kind
    let hash: ContentHash

    static func blob(_ hash: ContentHash) -> CacheKey { CacheKey(kind: .blob, hash: hash) }

    /// Below the server's folder: 256 folders by the first two digits, so that none gets huge.
    var path: String {
        let hex = hash.hex
        return "\(kind.folder)/\(hex.prefix(2))/\(hex)"
    }
}

/// Files with their sizes, in the order in which they were last used: a list through an array, so that
/// a million of them takes a hundred megabytes and each use a constant time.
struct UsageList {
    struct Entry {
        let key: CacheKey
        let sizeBytes: Int
        /// Seconds since 1970, as far as the disk knows.
        var recordedUse: Int
        fileprivate var older: Int32
        fileprivate var newer: Int32
    }

    /// What files take on disk, together.
    private(set) var totalBytes = 0
    private var numbers: [CacheKey: Int32] = [:]
    private var entries: [Entry] = []
    private var unused: [Int32] = []
    private var oldestNumber = UsageList.none
    private var newestNumber = UsageList.none

    private static let none: Int32 = -1
    /// Disks give out blocks; what is less takes a whole one.
    private static let blockBytes = 4096

    var count: Int { numbers.count }

    /// What has not been used for longest.
    var oldest: Entry? {
        oldestNumber == UsageList.none ? nil : entries[Int(oldestNumber)]
    }

    subscript(key: CacheKey) -> Entry? { numbers[key].map { entries[Int($0)] } }

    /// Adds a file, or replaces it, as the one used last.
    mutating func insert(_ key: CacheKey, sizeBytes: Int, recordedUse: Int) {
        remove(key)
        let entry = Entry(
            key: key, sizeBytes: sizeBytes, recordedUse: recordedUse, older: newestNumber,
            newer: UsageList.none)
        let number: Int32
        if let free = unused.popLast() {
            number = free
            entries[Int(number)] = entry
        } else {
            number = Int32(entries.count)
            entries.append(entry)
        }
        numbers[key] = number
        if newestNumber != UsageList.none { entries[Int(newestNumber)].newer = number }
        newestNumber = number
        if oldestNumber == UsageList.none { oldestNumber = number }
        totalBytes += UsageList.diskBytes(sizeBytes)
    }

    /// - Returns: What was removed.
    @discardableResult
    mutating func remove(_ key: CacheKey) -> Entry? {
        guard let number = numbers.removeValue(forKey: key) else { return nil }
        let entry = entries[Int(number)]
        unlink(entry)
        unused.append(number)
        totalBytes -= UsageList.diskBytes(entry.sizeBytes)
        return entry
    }

    /// Makes a file the one used last.
    ///
    /// - Parameter now: Seconds since 1970.
    /// - Returns: The file; and whether the disk is to be told, as it knows of no use for an hour.
    mutating func use(_ key: CacheKey, now: Int) -> (entry: Entry, isToBeRecorded: Bool)? {
        guard let number = numbers[key] else { return nil }
        var entry = entries[Int(number)]
        if number != newestNumber {
            unlink(entry)
            entry.older = newestNumber
            entry.newer = UsageList.none
            if newestNumber != UsageList.none { entries[Int(newestNumber)].newer = number }
            newestNumber = number
            if oldestNumber == UsageList.none { oldestNumber = number }
        }
        let isToBeRecorded = now - entry.recordedUse > UsageList.recordingSeconds
        if isToBeRecorded { entry.recordedUse = now }
        entries[Int(number)] = entry
        return (entry, isToBeRecorded)
    }

    /// The order survives a restart to within an hour, and most uses cost no system call.
    private static let recordingSeconds = 3600

    static func diskBytes(_ sizeBytes: Int) -> Int {
        (sizeBytes + blockBytes - 1) / blockBytes * blockBytes
    }

    private mutating func unlink(_ entry: Entry) {
        if entry.older == UsageList.none {
            oldestNumber = entry.newer
        } else {
            entries[Int(entry.older)].newer = entry.newer
        }
        if entry.newer == UsageList.none {
            newestNumber = entry.older
        } else {
            entries[Int(entry.newer)].older = entry.older
        }
    }
}
