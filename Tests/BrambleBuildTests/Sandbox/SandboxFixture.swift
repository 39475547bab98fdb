import BrambleModel
import BrambleSandbox
import BrambleStore
import TestKit

@testable import BrambleBuild

/// Builds in real sandboxes, with a shell that is fetched from this machine: busybox, which is one
/// static file.
struct SandboxFixture {
    let build: BuildFixture
    let executor: LocalExecutor
    /// The output `out` holds the one file `busybox`.
    let busybox: Derivation

    /// All tests share one launcher, made before the first of them runs something.
    private static let launcher = Result { () throws(SandboxError) in try SandboxLauncher() }

    /// More than one, and not what a machine of today has.
    static let processors = 3

    init() throws {
        build = try BuildFixture()
        executor = LocalExecutor(
            try SandboxFixture.launcher.get(), build.store,
            processors: SandboxFixture.processors)
        busybox = try SandboxFixture.busybox()
        // A test that hangs is to fail.
        build.options.limits.timeout = .seconds(60)
    }

    static func busybox() throws -> Derivation {
        var fields = Derivation.Fields(
            name: try DerivationName("busybox"), builder: "fetch_url")
        fields.env = ["url": "file:///usr/bin/busybox", "executable": "true"]
        return try Derivation(fields)
    }

    /// A derivation that runs a line of shell, in which all applets of busybox are commands.
    static func script(
        _ name: String, _ line: String, busybox: Derivation, needs: [Derivation] = [],
        change: (inout Derivation.Fields) -> Void = { _ in }
    ) throws -> Derivation {
        try derivation(name, builder: "/bin/sh", ["-c", line, "sh"], needs: needs) { fields in
            fields.links = ["/bin/sh": reference(busybox) + "/busybox"]
            change(&fields)
        }
    }

    func script(
        _ name: String, _ line: String, needs: [Derivation] = [],
        change: (inout Derivation.Fields) -> Void = { _ in }
    ) throws -> Derivation {
        try SandboxFixture.script(name, line, busybox: busybox, needs: needs, change: change)
    }

    /// Builds the last one, with all it needs.
    func run(
        _ derivations: [Derivation], wanted: [Derivation]? = nil
    ) async throws -> BuildFixture.Built {
        try await build.build([busybox] + derivations, wanted: wanted, with: executor)
    }

    /// The log of a build, with names in the store as `HASH`.
    static func log(_ built: BuildFixture.Built) -> String {
        EventRecorder.withoutHashes(
            built.events.all.map { if case .logged(_, let text) = $0 { text } else { "" } }
                .joined())
    }

    static func failure(_ built: BuildFixture.Built) -> String {
        built.outcome.failures.map { EventRecorder.text($0.failure) }.joined(separator: "\n")
    }
}
