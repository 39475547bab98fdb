import BrambleSandbox
import BrambleStore
import Glibc

/// What a machine offers to Bramble, and how its store is.
public struct Health: Sendable {
    public enum State: String, Sendable {
        case ok
        /// It works, and something is done another way or not at all.
        case warning
        case problem
    }

    public struct Finding: Sendable {
        public let subject: String
        public let state: State
        public let message: String
        /// What to do about it.
        public let remedy: String?
    }

    public let findings: [Finding]
    /// Whether builders can be run.
    public let hasSandbox: Bool
    /// Whether the store can be used.
    public let hasStore: Bool

    /// Looks at everything; takes some milliseconds.
    ///
    /// - Parameter storeFolder: Absolute.
    public static func examine(storeFolder: String) async -> Health {
        let probe = await SandboxProbe.run()
        var findings = probe.findings.map { finding in
            let state: State =
                switch finding.state {
                case .works: .ok
                case .reduced: .warning
                case .missing: .problem
                }
            return Finding(
                subject: finding.subject, state: state, message: finding.message,
                remedy: finding.remedy)
        }
        let store = StoreHealth(storeFolder)
        findings += [clock()] + store.findings
        return Health(
            findings: findings, hasSandbox: probe.isUsable, hasStore: store.isUsable)
    }

    /// Times decide what was used long ago, and whether a file was changed since it was read.
    private static func clock() -> Finding {
        let now = Int(time(nil))
        // The day on which this was written: no clock that is right shows an earlier one.
        let isPast = now < 1_790_000_000
        return Finding(
            subject: "clock", state: isPast ? .problem : .ok,
            message: isPast ? "the clock is years behind" : "the clock is not behind",
            remedy: isPast ? "set it: sources that change may go unnoticed" : nil)
    }
}

/// How a store is, and what its file system can do.
private struct StoreHealth {
    private(set) var findings: [Health.Finding] = []
    private(set) var isUsable = false

    /// Less than this is not enough to build anything of size.
    private static let scarceBytes = 1 << 30

    init(_ folder: String) {
        let store: LocalStore
        do throws(StoreError) {
            store = try LocalStore(folder)
        } catch {
            add(
                "store", .problem, error.message,
                BrambleError.hint(error) ?? "set `BRAMBLE_HOME` to a folder that is yours")
            return
        }
        defer { store.close() }
        isUsable = true
        do throws(StoreError) {
            let objects = try store.objects()
            let size = objects.reduce(0) { $0 + $1.sizeBytes }
            add("store", .ok, "`\(folder)` has \(objects.count) objects of \(size) bytes", nil)
        } catch {
            isUsable = false
            add("store", .problem, error.message, "`bramble store reindex` makes the index anew")
        }
        examineSpace(folder)
        examineSharing(store)
    }

    private mutating func examineSpace(_ folder: String) {
        var space = statvfs()
        guard statvfs(folder, &space) == 0 else { return }
        let free = Int(space.f_bavail) * Int(space.f_frsize)
        let isScarce = free < StoreHealth.scarceBytes
        add(
            "disk", isScarce ? .warning : .ok, "\(free >> 20) MiB are free",
            isScarce ? "`bramble gc` removes what is not needed" : nil)
        guard space.f_files > 0 else { return }
        let isFull = space.f_favail < 10_000
        add(
            "inodes", isFull ? .warning : .ok, "\(space.f_favail) files can still be made",
            isFull ? "`bramble gc` removes what is not needed" : nil)
    }

    /// Tries what files share: blocks, or else inodes.
    private mutating func examineSharing(_ store: LocalStore) {
        let features: LocalStore.SharingFeatures
        do throws(StoreError) {
            features = try store.probeSharing()
        } catch {
            add("sharing", .problem, error.message, nil)
            isUsable = false
            return
        }
        add(
            "hard links", features.hasHardLinks ? .ok : .warning,
            features.hasHardLinks ? "equal files are kept once" : "equal files are kept as copies",
            features.hasHardLinks ? nil : "keep the store on a file system with hard links")
        add(
            "reflinks", .ok,
            features.hasReflinks
                ? "sources are given to builders without copying"
                : "the file system has none; sources are copied for builders", nil)
    }

    private mutating func add(
        _ subject: String, _ state: Health.State, _ message: String, _ remedy: String?
    ) {
        findings.append(
            Health.Finding(subject: subject, state: state, message: message, remedy: remedy))
    }
}
