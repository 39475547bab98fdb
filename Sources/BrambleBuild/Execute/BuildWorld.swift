package import BrambleModel
package import BrambleSandbox
import BrambleStore

/// What a builder sees and is told (DESIGN, "Sandbox contract"): the mounts, the environment and the
/// directory of a sandbox, from a derivation that is resolved. One place for builds, checks and
/// shells, so that what is tried in a shell is what is built.
package struct BuildWorld {
    let resolved: ResolvedDerivation
    let outputs: [OutputName]
    /// The closure of the inputs.
    let closure: [StoreName]
    /// Where an object is on this machine.
    let diskPath: (StoreName) -> String

    package init(
        resolved: ResolvedDerivation, outputs: [OutputName], closure: [StoreName],
        diskPath: @escaping (StoreName) -> String
    ) {
        self.resolved = resolved
        self.outputs = outputs
        self.closure = closure
        self.diskPath = diskPath
    }

    /// 1980-01-01: the first date that a zip archive can hold. All files of sources have it, and
    /// `SOURCE_DATE_EPOCH` says it.
    package static let sourceDate = 315_532_800

    /// Where the builder's own files are; see `BuildFolder`.
    package static let directory = "/build"

    /// The directory that the builder starts in.
    package var startDirectory: String {
        BuildWorld.directory + (resolved.base.map { "/\($0)" } ?? "")
    }

    /// The program as an absolute path; a relative one starts where the builder does.
    package func program(_ command: String) -> String {
        command.hasPrefix("/") ? command : startDirectory + "/" + BuildWorld.withoutDots(command)
    }

    /// `./a/../b` without its `.` components; what `..` means is the kernel's business.
    private static func withoutDots(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// The paths that outputs have while they are built.
    package func outputPath(_ output: OutputName) -> String {
        StorePath(Placeholder(derivation: resolved.name, output: output).storeName).description
    }

    package func environment(processors: Int) -> [String: String] {
        var environment = [
            "HOME": "/homeless", "TMPDIR": "/tmp", "SOURCE_DATE_EPOCH": "\(BuildWorld.sourceDate)",
        ]
        for entry in resolved.env.entries { environment[entry.name] = entry.value }
        for output in outputs { environment["\(output)"] = outputPath(output) }
        environment["BRAMBLE_BUILD_CORES"] = "\(processors)"
        return environment
    }

    func mounts(_ folder: BuildFolder) -> [SandboxMount] {
        var mounts = BuildWorld.storeMounts(closure, diskPath: diskPath)
        mounts.append(SandboxMount(BuildWorld.directory, .writable(folder.work)))
        for output in outputs {
            mounts.append(SandboxMount(outputPath(output), .writable(folder.path(of: output))))
        }
        for link in resolved.links.entries {
            mounts.append(SandboxMount(link.name, .link(link.value)))
        }
        return mounts
    }

    /// The store as a sandbox sees it: some objects, whose names one must know.
    package static func storeMounts(
        _ objects: [StoreName], diskPath: (StoreName) -> String
    ) -> [SandboxMount] {
        let store = SandboxMount(
            String(StorePath.prefix.dropLast()), .directory(mode: 0o111))
        return [store]
            + objects.map { SandboxMount(StorePath($0).description, .readOnly(diskPath($0))) }
    }
}
