import BrambleSandbox
import Glibc
import TestKit
import Testing

/// What a hostile command tries, and what comes of it. Golden files hold the outcomes: `ESCAPED` in
/// one of them is a hole.
@Suite struct EscapeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var probe: String
        var argument = ""
        var testDescription: String { probe }
    }

    static let cases = [
        Case(probe: "setuid"), Case(probe: "xattr"), Case(probe: "devices"), Case(probe: "kernel"),
        Case(probe: "namespaces"), Case(probe: "mounts", argument: ProbeRun.input),
        Case(probe: "inputs", argument: ProbeRun.input + "/file"), Case(probe: "families"),
        Case(probe: "state"),
    ]

    @Test(arguments: cases)
    func outcome(_ testCase: Case) async throws {
        let probe = try ProbeRun(testCase.probe, testCase.argument)
        let result = try await probe.run()
        #expect(result.ending == .exited(status: 0))
        #expect(!probe.text.contains("ESCAPED"))
        try GoldenFile(testCase.probe + ".txt").check(probe.text)
    }

    static let hostPaths = [
        "/etc/shadow", "/root", "/home", "/usr/bin/env", "/etc/os-release", "/sys/kernel",
        "/var/log",
        "/dev/kmsg", "/dev/mem", ProbeRun.storeFolder + "/cccccccccccccccccccccccccccccccc",
    ]

    @Test(arguments: hostPaths)
    func hostFilesAreAbsent(_ path: String) async throws {
        let probe = try ProbeRun("read", path)
        try await probe.run()
        #expect(probe.lines == ["read: refused: ENOENT"])
    }

    @Test func homeAndSiblingsOfInputsAreAbsent() async throws {
        let probe = try ProbeRun("read")
        probe.command.arguments.append(probe.scratch.path + "/undeclared/file")
        probe.command.arguments.remove(at: 1)
        try await probe.run()
        #expect(probe.lines == ["read: refused: ENOENT"])
    }

    @Test func storeCannotBeListed() async throws {
        let probe = try ProbeRun("list", ProbeRun.storeFolder)
        try await probe.run()
        #expect(probe.lines == ["list: refused: EACCES"])
    }

    @Test func rootHoldsWhatIsDeclared() async throws {
        let probe = try ProbeRun("list", "/")
        try await probe.run()
        #expect(probe.lines.sorted() == ["bin", "bramble", "build", "dev", "etc", "proc", "tmp"])
    }

    @Test func onlyItsOwnProcessesAreSeen() async throws {
        let probe = try ProbeRun("list", "/proc")
        try await probe.run()
        #expect(probe.lines.filter { $0.allSatisfy(\.isNumber) } == ["2"])
    }

    @Test func abstractSocketsOfTheHostAreOutOfReach() async throws {
        let name = "bramble-test-\(getpid())"
        let listener = try AbstractListener(name: name)
        let probe = try ProbeRun("abstract", name)
        try await probe.run()
        #expect(probe.lines == ["connect: refused: ECONNREFUSED"])
        // The same name is reached where the network is shared: the test can fail.
        let open = try ProbeRun("abstract", name)
        open.command.sharesNetwork = true
        try await open.run()
        #expect(open.lines == ["connect: ESCAPED"])
        _ = consume listener
    }

    @Test func daemonIsGoneWhenTheRunReturns() async throws {
        let probe = try ProbeRun("daemon", ProbeRun.output + "/written")
        let result = try await probe.run()
        #expect(result.ending == .exited(status: 0))
        let path = probe.scratch.path + "/output/written"
        let before = try TextFile.read(path).utf8.count
        #expect(before > 0)
        // It wrote without pause; should it still run, a few more sandboxes give it time to.
        for _ in 0..<3 { try await ProbeRun("exit", "0").run() }
        #expect(try TextFile.read(path).utf8.count == before)
    }

    static let hidden = [
        Case(probe: "read", argument: "/grant/undeclared/file"),
        Case(probe: "list", argument: "/grant/undeclared"),
    ]

    @Test(arguments: hidden)
    func hiddenFolderCannotBeEntered(_ testCase: Case) async throws {
        let probe = try ProbeRun(testCase.probe, testCase.argument)
        probe.command.mounts += [
            SandboxMount("/grant", .readOnly(probe.scratch.path)),
            SandboxMount("/grant/undeclared", .hidden),
        ]
        try await probe.run()
        #expect(probe.lines == ["\(testCase.probe): refused: EACCES"])
    }

    @Test func hiddenFileIsEmpty() async throws {
        let probe = try ProbeRun("size", "/build/x")
        probe.command.mounts.append(SandboxMount("/build/x", .hidden))
        try await probe.run()
        #expect(probe.lines == ["0"])
    }
}

/// A socket in the abstract namespace that somebody listens on.
private struct AbstractListener: ~Copyable {
    private let number: Int32

    init(name: String) throws {
        number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path[1...].copyBytes(from: Array(name.utf8))
        }
        let size = MemoryLayout<sa_family_t>.size + 1 + name.utf8.count
        let bound = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                bind(number, $0.baseAddress, socklen_t(size))
            }
        }
        guard bound == 0, listen(number, 8) == 0 else {
            throw POSIXFailure(call: "bind", number: errno)
        }
    }

    deinit { close(number) }
}
