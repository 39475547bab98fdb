import CBrambleSandbox

/// The steps that make a sandbox's root out of its mounts: what to make first, where mount points are
/// needed. Pure, but for the question what the host has at a path.
struct RootPlan {
    /// One step; see `bramble_step_kind` for what each does.
    struct Step: Hashable {
        enum Kind: String {
            case directory, file, link
            case bindReadOnly = "read-only"
            case bindWritable = "writable"
            case bindDevice = "device"
            case scratch, proc, terminals, hide, overlay
        }

        var kind: Kind
        /// Relative to the root.
        var target: String
        var source: String
        var mode: UInt16
    }

    /// What the host has at a path.
    enum HostItem {
        case directory
        case other
    }

    private(set) var steps: [Step] = []
    /// The host's folder that is the root, if it is one.
    let rootFolder: String?
    /// What the steps so far have at a path, without the leading slash.
    private var made: [String: Step.Kind] = [:]

    /// - Parameter host: What is at an absolute path of the host; nil if nothing is.
    init(
        mounts: [SandboxMount], userNumber: Int = SandboxCommand.userNumber,
        rootFolder: String? = nil, host: (String) -> HostItem?
    ) throws(SandboxError) {
        self.rootFolder = rootFolder
        add(.proc, at: "proc")
        addDevices()
        // A folder of the host that is the root has what it has.
        var fixed = rootFolder == nil ? RootPlan.fixedMounts(userNumber) : []
        let changesFixed = mounts.contains { mount in
            ["/etc", "/tmp"].contains { mount.path == $0 || mount.path.hasPrefix($0 + "/") }
        }
        if !changesFixed {
            // First, as then all such plans begin alike: see `SandboxLauncher.common`.
            for mount in fixed { try add(mount, host: host) }
            fixed = []
        }
        let own = Set(mounts.map(\.path))
        fixed.removeAll { own.contains($0.path) }
        // Parts compare as texts, so a folder comes before what is in it.
        let sorted = (mounts + fixed).map { (parts: $0.path.split(separator: "/"), mount: $0) }
            .sorted { $0.parts.lexicographicallyPrecedes($1.parts) }
        for (_, mount) in sorted { try add(mount, host: host) }
    }

    /// Adds steps to be done last.
    mutating func append(_ extra: [Step]) {
        steps += extra
    }

    private static func fixedMounts(_ user: Int) -> [SandboxMount] {
        let name = SandboxCommand.userName
        return [
            SandboxMount("/tmp", .scratch),
            SandboxMount(
                "/etc/passwd", .file("\(name):x:\(user):\(user)::/homeless:/noshell\n")),
            SandboxMount("/etc/group", .file("\(name):x:\(user):\n")),
            SandboxMount(
                "/etc/hosts",
                .file("127.0.0.1 localhost \(SandboxCommand.hostName)\n::1 localhost\n")),
        ]
    }

    private mutating func add(
        _ kind: Step.Kind, at target: String, source: String = "", mode: UInt16 = 0
    ) {
        if kind == .proc || kind == .terminals || kind == .scratch {
            steps.append(
                Step(
                    kind: .directory, target: target, source: "",
                    mode: kind == .scratch ? 0o1777 : 0o755))
        }
        steps.append(Step(kind: kind, target: target, source: source, mode: mode))
        made[target] = kind
    }

    private mutating func addDevices() {
        add(.directory, at: "dev", mode: 0o755)
        for name in ["full", "null", "random", "tty", "urandom", "zero"] {
            addFile(at: "dev/" + name)
            add(.bindDevice, at: "dev/" + name, source: "/dev/" + name)
        }
        add(.scratch, at: "dev/shm")
        add(.terminals, at: "dev/pts")
        let links = [
            ("fd", "/proc/self/fd"), ("ptmx", "pts/ptmx"), ("stderr", "/proc/self/fd/2"),
            ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
        ]
        for (name, target) in links { add(.link, at: "dev/" + name, source: target) }
    }

    /// An empty file to mount on.
    private mutating func addFile(at target: String) {
        steps.append(Step(kind: .file, target: target, source: "", mode: 0o644))
    }

    private mutating func add(
        _ mount: SandboxMount, host: (String) -> HostItem?
    ) throws(SandboxError) {
        let target = try RootPlan.relative(mount.path)
        guard made[target] == nil || made[target] == .directory && mount.kind.isDirectory else {
            throw SandboxError(.invalidCommand, "two mounts at `\(mount.path)`")
        }
        let pointExists = try addParents(of: target)
        switch mount.kind {
        case .readOnly(let source):
            try addPoint(at: target, exists: pointExists, for: mount, source: source, host: host)
            add(.bindReadOnly, at: target, source: source)
        case .writable(let source):
            try addPoint(at: target, exists: pointExists, for: mount, source: source, host: host)
            add(.bindWritable, at: target, source: source)
        case .hidden: add(.hide, at: target)
        case .scratch, .directory, .file, .link:
            guard !pointExists else {
                throw SandboxError(
                    .invalidCommand,
                    "cannot make `\(mount.path)` within a mount of the host's files")
            }
            addOwn(mount.kind, at: target)
        }
    }

    private mutating func addOwn(_ kind: SandboxMount.Kind, at target: String) {
        switch kind {
        case .scratch: add(.scratch, at: target)
        case .directory(let mode): add(.directory, at: target, mode: mode)
        case .file(let text): add(.file, at: target, source: text, mode: 0o644)
        case .link(let destination): add(.link, at: target, source: destination)
        case .readOnly, .writable, .hidden: preconditionFailure("a mount of the host's files")
        }
    }

    /// Makes what the host's file or folder will be mounted on.
    private mutating func addPoint(
        at target: String, exists: Bool, for mount: SandboxMount, source: String,
        host: (String) -> HostItem?
    ) throws(SandboxError) {
        guard source.hasPrefix("/") else {
            throw SandboxError(.invalidCommand, "`\(source)` is not an absolute path")
        }
        guard let item = host(source) else {
            throw SandboxError(
                .mount, "cannot mount `\(source)` at `\(mount.path)`: it does not exist")
        }
        if exists { return }
        switch item {
        case .directory:
            steps.append(Step(kind: .directory, target: target, source: "", mode: 0o755))
        case .other: addFile(at: target)
        }
    }

    /// Makes the folders above a path.
    ///
    /// - Returns: Whether the path is within a mount of the host's files, where nothing can be made.
    private mutating func addParents(of target: String) throws(SandboxError) -> Bool {
        var end = target.startIndex
        while let slash = target[end...].firstIndex(of: "/") {
            let parent = String(target[..<slash])
            switch made[parent] {
            case .none: add(.directory, at: parent, mode: 0o755)
            case .directory, .scratch: break
            case .bindReadOnly, .bindWritable, .proc: return true
            default:
                throw SandboxError(
                    .invalidCommand, "`/\(target)` is within `/\(parent)`, no folder")
            }
            end = target.index(after: slash)
        }
        return false
    }

    /// A path without its leading slash.
    private static func relative(_ path: String) throws(SandboxError) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isClean =
            parts.count > 1 && parts[0].isEmpty
            && parts.dropFirst().allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        guard isClean, !path.utf8.contains(0) else {
            throw SandboxError(
                .invalidCommand, "`\(path)` is not a clean absolute path below the root")
        }
        return String(path.dropFirst())
    }
}

extension SandboxMount.Kind {
    fileprivate var isDirectory: Bool {
        if case .directory = self { true } else { false }
    }
}

extension RootPlan.Step: CustomStringConvertible {
    var description: String {
        switch kind {
        case .directory: "making the folder `/\(target)`"
        case .file: "making the file `/\(target)`"
        case .link: "making the link `/\(target)`"
        case .bindReadOnly, .bindWritable, .bindDevice: "mounting `\(source)` on `/\(target)`"
        case .scratch: "making `/\(target)` writable"
        case .proc: "mounting `/proc`"
        case .terminals: "mounting `/dev/pts`"
        case .hide: "hiding `/\(target)`"
        case .overlay: "mounting an overlay on `/\(target)`"
        }
    }

    /// Whether its failure is more likely due to what was asked for than to the kernel.
    var isFromHost: Bool {
        kind == .bindReadOnly || kind == .bindWritable || kind == .hide || kind == .file
    }

    /// The same for the C side.
    var nativeKind: bramble_step_kind {
        switch kind {
        case .directory: BRAMBLE_STEP_DIRECTORY
        case .file: BRAMBLE_STEP_FILE
        case .link: BRAMBLE_STEP_LINK
        case .bindReadOnly: BRAMBLE_STEP_BIND_READ_ONLY
        case .bindWritable: BRAMBLE_STEP_BIND_WRITABLE
        case .bindDevice: BRAMBLE_STEP_BIND_DEVICE
        case .scratch: BRAMBLE_STEP_SCRATCH
        case .proc: BRAMBLE_STEP_PROC
        case .terminals: BRAMBLE_STEP_TERMINALS
        case .hide: BRAMBLE_STEP_HIDE
        case .overlay: BRAMBLE_STEP_OVERLAY
        }
    }
}
