import CBrambleSandbox
import Glibc

/// What this machine offers to sandboxes, found out by trying.
package struct SandboxProbe: Sendable {
    /// One thing that a sandbox needs or could use.
    package struct Finding: Sendable, Hashable {
        package enum State: String, Sendable {
            case works
            /// There are no sandboxes without it.
            case missing
            /// Something is done another way, or not at all.
            case reduced
        }

        package var subject: String
        package var state: State
        /// What was found, in a sentence without full stop.
        package var message: String
        /// What to do about it.
        package var remedy: String?
    }

    package var findings: [Finding]

    /// Whether commands can be run.
    package var isUsable: Bool { !findings.contains { $0.state == .missing } }

    /// Runs two sandboxes; takes some milliseconds.
    package static func run() async -> SandboxProbe {
        SandboxProbe(findings: [await sandbox(), await overlay(), processLimit(), controlGroups()])
    }

    /// A program that is not there: that it cannot be run is found out last of all, behind namespaces, mounts,
    /// capabilities and the filter.
    private static let command = SandboxCommand(
        program: "/absent", arguments: [], environment: [:], directory: "/", mounts: [],
        sharesNetwork: false, limits: SandboxLimits(scratchBytes: 1 << 20))

    private static func sandbox() async -> Finding {
        var finding = Finding(
            subject: "sandbox", state: .works,
            message: "namespaces, mounts and the filter of system calls work for this user")
        if let error = await error(ofRunningWith: []) {
            finding.state = .missing
            finding.message = error.message
            finding.remedy = error.hint
        }
        return finding
    }

    private static func overlay() async -> Finding {
        let steps = ["a", "b", "c", "d"].map {
            RootPlan.Step(kind: .directory, target: $0, source: "", mode: 0o755)
        }
        let overlay = RootPlan.Step(
            kind: .overlay, target: "d", source: "lowerdir=a,upperdir=b,workdir=c,userxattr",
            mode: 0)
        var finding = Finding(
            subject: "overlay", state: .works,
            message: "overlay file systems can be mounted in user namespaces")
        if let error = await error(ofRunningWith: steps + [overlay]) {
            finding.state = .reduced
            finding.message = error.message
            finding.remedy = "Linux 5.11 or later with the module `overlay`; sandboxes do without"
        }
        return finding
    }

    private static func processLimit() -> Finding {
        if geteuid() == 0, KernelVersion.current < KernelVersion(major: 6, minor: 14) {
            return Finding(
                subject: "process limit", state: .reduced,
                message: "the number of processes cannot be limited for root",
                remedy: SandboxStage(BRAMBLE_STAGE_PROCESS_LIMIT).remedy(number: ENOSYS))
        }
        return Finding(
            subject: "process limit", state: .works,
            message: "the number of processes can be limited")
    }

    /// Whether a control group of version 2 is ours to divide: a future home of limits for whole sandboxes.
    private static func controlGroups() -> Finding {
        let subject = "control groups"
        let prefix = "0::"
        let lines = text(ofFile: "/proc/self/cgroup").split(separator: "\n")
        let path = lines.first { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) } ?? ""
        let folder = "/sys/fs/cgroup" + path
        let controllers = text(ofFile: folder + "/cgroup.controllers").split { $0.isWhitespace }
        if access(folder + "/cgroup.procs", W_OK) == 0, controllers.contains("memory") {
            return Finding(
                subject: subject, state: .works, message: "the control group \(path) is delegated")
        }
        return Finding(
            subject: subject, state: .reduced,
            message:
                "no control group of version 2 with a memory controller is delegated: memory is "
                + "limited for each process, not for the sandbox",
            remedy: "run Bramble by `systemd-run --user --scope --property=Delegate=yes`")
    }

    /// The reason why a sandbox cannot be set up; nil if it can.
    private static func error(ofRunningWith extra: [RootPlan.Step]) async -> SandboxError? {
        do throws(SandboxError) {
            let launcher = try SandboxLauncher()
            var plan = try RootPlan(mounts: [], host: { _ in nil })
            plan.append(extra)
            _ = try await launcher.run(command, plan: plan, .log { _ in })
            preconditionFailure("the program is not there")
        } catch {
            return error.code == .program ? nil : error
        }
    }

    /// Up to 4 KiB of a file of the kernel's; empty if there is none.
    private static func text(ofFile path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        return String(unsafeUninitializedCapacity: 4096) {
            max(0, read(file, $0.baseAddress, 4096))
        }
    }
}
