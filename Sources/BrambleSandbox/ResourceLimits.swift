import CBrambleSandbox
import Glibc

extension SandboxCommand {
    /// The limits of resources that it runs with: all of them are set, so that none is the caller's by chance.
    var resourceLimits: [bramble_sandbox_limit] {
        let unlimited = UInt64.max
        var result: [bramble_sandbox_limit] = []
        func add(_ resource: Int32, _ soft: UInt64, _ hard: UInt64) {
            result.append(bramble_sandbox_limit(resource: resource, soft: soft, hard: hard))
        }
        func add(_ resource: Int32, _ limit: Int?) {
            let value = limit.map(UInt64.init) ?? unlimited
            add(resource, value, value)
        }
        // A crash is reported by its status; the dump would be an output that nobody declared.
        add(Int32(RLIMIT_CORE.rawValue), 0)
        // What distributions have; programs that need more raise it themselves.
        add(Int32(RLIMIT_NOFILE.rawValue), 1024, 1 << 19)
        add(Int32(RLIMIT_STACK.rawValue), 8 << 20, unlimited)
        add(Int32(RLIMIT_AS.rawValue), limits.memoryBytes)
        add(Int32(RLIMIT_FSIZE.rawValue), limits.fileBytes)
        // Pid 1 counts.
        add(Int32(__RLIMIT_NPROC.rawValue), limits.processes.map { $0 + 1 })
        for resource in [RLIMIT_CPU, RLIMIT_DATA, __RLIMIT_RSS] {
            add(Int32(resource.rawValue), nil)
        }
        return result
    }

    /// The highest process number to allow, where `RLIMIT_NPROC` doesn't hold: for the host's root.
    var highestProcess: Int? {
        guard let processes = limits.processes, geteuid() == 0 else { return nil }
        // Numbers below 300 are not given out again (Linux, `RESERVED_PIDS`).
        return max(301, processes + 1)
    }

    /// Refuses a limit of processes where it would not hold or would be the whole machine's.
    func checkLimits() throws(SandboxError) {
        if highestProcess != nil, KernelVersion.current < KernelVersion(major: 6, minor: 14) {
            throw SandboxError(
                stage: BRAMBLE_STAGE_PROCESS_LIMIT, number: ENOSYS, command: self, step: nil)
        }
    }
}

/// The version of Linux that runs.
struct KernelVersion: Comparable {
    var major: Int
    var minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// - Parameter release: As uname tells it: `6.1.0-18-amd64`. What is not a number counts as 0.
    init(release: String) {
        let parts = release.split { !$0.isWholeNumber }
        major = parts.first.flatMap { Int($0) } ?? 0
        minor = parts.dropFirst().first.flatMap { Int($0) } ?? 0
    }

    static var current: KernelVersion {
        var name = utsname()
        uname(&name)
        return withUnsafeBytes(of: &name.release) {
            KernelVersion(release: String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self))
        }
    }

    static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
