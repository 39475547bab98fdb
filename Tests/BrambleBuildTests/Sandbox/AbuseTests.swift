import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// What a hostile builder does to its outputs and inputs, and what becomes of it.
@Suite struct AbuseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// `$1` is an input with a file `file`.
        var script: String
        /// What it has printed.
        var log = ""
        /// What is in the output.
        var listing = ""
    }

    static let cases = [
        Case(testDescription: "output never written", script: "true"),
        Case(
            testDescription: "output replaced by a symlink",
            script: "rmdir $out || ln -sfn /etc $out; rm -rf $out; ln -s /etc/passwd $out/link",
            log: "rmdir: 'PATH': Read-only file system\n"
                + "rm: can't remove 'PATH': Read-only file system\n",
            listing: "lrwxrwxrwx 1 11 link -> /etc/passwd\n"),
        Case(
            testDescription: "output moved away", script: "mv $out /tmp/x; echo x >$out/file",
            log: "mv: can't remove 'PATH': Read-only file system\n",
            listing: "-r--r--r-- 2 2 file\n"),
        Case(
            testDescription: "device", script: "mknod $out/null c 1 3; mknod $out/disk b 8 0",
            log: "mknod: PATH/null: Operation not permitted\n"
                + "mknod: PATH/disk: Operation not permitted\n"),
        Case(
            testDescription: "set-user-id",
            script: "echo x >$out/file; for mode in 4755 2755 755; do chmod $mode $out/file; done",
            log: "chmod: PATH/file: Operation not permitted\n"
                + "chmod: PATH/file: Operation not permitted\n",
            listing: "-r-xr-xr-x 2 2 file\n"),
        Case(
            testDescription: "strange modes",
            script: "mkdir $out/d; echo x >$out/d/file; chmod 641 $out/d/file; chmod 1777 $out/d",
            listing: "dr-xr-xr-x d\n-r--r--r-- 2 2 d/file\n"),
        Case(
            testDescription: "hard link to an input", script: "ln $1/file $out/file",
            log: "ln: PATH/file: Invalid cross-device link\n"),
        Case(
            testDescription: "hard links among its own",
            script: "echo x >$out/a; ln $out/a $out/b; ln $out/a /build/c",
            log: "ln: /build/c: Invalid cross-device link\n",
            listing: "-r--r--r-- 3 2 a\n-r--r--r-- 3 2 b\n"),
        Case(
            testDescription: "input opened for writing",
            script: "(echo x >$1/file); (echo x >>$1/file); (rm -f $1/file); touch $1/file",
            log: "sh: line 0: can't create PATH/file: Read-only file system\n"
                + "sh: line 0: can't create PATH/file: Permission denied\n"
                + "rm: can't remove 'PATH/file': Read-only file system\n"
                + "touch: PATH/file: Read-only file system\n"),
        Case(
            testDescription: "output of another derivation's name",
            script: "mkdir ${out%????????????}aaaaaaaaaaaa",
            log: "mkdir: can't create directory 'PATH': Read-only file system\n"),
    ]

    /// Paths in the store as `PATH`.
    private static func shown(_ log: String) -> String {
        log.replacing(StorePath.prefix + "HASH", with: "PATH")
    }

    @Test(arguments: cases)
    func becomesOfIt(_ testCase: Case) async throws {
        let fixture = try SandboxFixture()
        let input = try fixture.script("input", "echo text >$out/file")
        let it = try fixture.script("it", testCase.script + "; true", needs: [input])
        let built = try await fixture.run([input, it])
        #expect(SandboxFixture.failure(built) == "")
        #expect(Self.shown(SandboxFixture.log(built)) == Self.shown(testCase.log))
        let output = try #require(built.outcome.output[it.hash]).outputs[0]
        let store = fixture.build.store
        #expect(try listing(store.diskPath(of: output.name)) == testCase.listing)
        #expect(try store.verify() == [])
        #expect(try fixture.build.leftovers() == "")
    }

    static let refused = [
        Case(
            testDescription: "fifo", script: "mkfifo $out/fifo",
            log: "output: cannot build `it`: cannot register the outputs of `it`: cannot store "
                + "`it:out`: `fifo` in it is a device, socket or FIFO, which the store cannot hold"),
        Case(
            testDescription: "name that is not UTF-8", script: "touch $out/$(printf '\\377')",
            log: "output: cannot build `it`: cannot register the outputs of `it`: cannot store "
                + "`it:out`: the name `\\xff` in it is not UTF-8"),
    ]

    @Test(arguments: refused)
    func isRefused(_ testCase: Case) async throws {
        let fixture = try SandboxFixture()
        let it = try fixture.script("it", "echo a line; " + testCase.script)
        let built = try await fixture.run([it])
        #expect(SandboxFixture.failure(built) == testCase.log)
        #expect(try fixture.build.store.builds().map(\.facts.derivation) == [fixture.busybox.name])
        #expect(try fixture.build.leftovers() == "")
        #expect(try FailureRecord.find(it.hash, in: fixture.build.store)?.log != nil)
    }

    /// What goes on writing when its builder has ended.
    @Test func daemon() async throws {
        let fixture = try SandboxFixture()
        let it = try fixture.script(
            "it",
            """
            (trap '' HUP TERM; while :; do echo more >>$out/file; done) >/dev/null 2>&1 &
            while ! test -s $out/file; do :; done
            """)
        let built = try await fixture.run([it])
        #expect(SandboxFixture.failure(built) == "")
        let output = try #require(built.outcome.output[it.hash]).outputs[0]
        let before = try fixture.build.read(output, "file").utf8.count
        // Should it still run, some more sandboxes give it time to write.
        for number in 0..<3 {
            _ = try await fixture.run([try fixture.script("other\(number)", "true")])
        }
        #expect(try fixture.build.read(output, "file").utf8.count == before)
        #expect(try fixture.build.store.verify() == [])
    }

    /// An object that is in the store, and that the derivation does not refer to.
    @Test func undeclaredObject() async throws {
        let fixture = try SandboxFixture()
        let secret = try fixture.script("secret", "echo secret >$out/file")
        let first = try await fixture.run([secret])
        let path = try #require(first.outcome.output[secret.hash]).outputs[0].path
        let it = try fixture.script(
            "it", "cat \(path)/file; ls \(path); echo \(path) >$out/file; true")
        let built = try await fixture.run([it])
        #expect(
            Self.shown(SandboxFixture.log(built)) == """
                cat: can't open 'PATH/file': No such file or directory
                ls: PATH: No such file or directory

                """)
        // It may write the path down; without being declared it is no reference.
        let output = try #require(built.outcome.output[it.hash]).outputs[0]
        #expect(try fixture.build.store.findReferences(of: output.name) == [])
    }

    /// Declared, the same object is there, and so is what it refers to; the text of a reference counts, not
    /// what is done with it.
    @Test func declaredClosure() async throws {
        let fixture = try SandboxFixture()
        let low = try fixture.script("low", "echo text >$out/file")
        let middle = try fixture.script("middle", "echo $1 >$out/path", needs: [low])
        let it = try fixture.script("it", "cat $(cat $1/path)/file", needs: [middle])
        let built = try await fixture.run([low, middle, it])
        #expect(SandboxFixture.log(built) == "text\n")
    }
}
