import BrambleModel
import Glibc
import TestKit
import Testing

@testable import BrambleStore

/// Outputs whose files become the store's without being copied.
struct TakingTests {
    private func register(
        _ fixture: StoreFixture, _ path: String
    ) throws -> (output: BuiltOutput, path: String) {
        let request = OutputsToRegister(
            derivation: .hello, directories: [.standard: path], candidates: [], mayBeTaken: true)
        let output = try fixture.store.register(request)[0]
        #expect(try fixture.store.verify() == [])
        return (output, fixture.store.diskPath(of: output.name))
    }

    private func inode(_ path: String) throws -> UInt64 {
        try #require(try POSIXFileSystem().status(at: Place(path))).inode
    }

    @Test func filesStayWhatTheyAre() throws {
        let fixture = try StoreFixture()
        let placeholder = RegisteringTests.placeholder(.standard)
        try fixture.shell(
            """
            mkdir -p out/a/b; cd out; echo small > a/small; head -c 300000 /dev/zero > a/b/large; : > empty
            echo \(placeholder) > own; chmod 4777 a/small; chmod 500 a/b; ln -s \(placeholder) link
            """)
        let source = fixture.scratch.path + "/out"
        let names = ["a/small", "a/b/large", "empty", "own"]
        let before = try names.map { try inode("\(source)/\($0)") }
        let (output, path) = try register(fixture, source)
        #expect(try names.map { try inode("\(path)/\($0)") } == before)
        #expect(try TextFile.read(path + "/own") == "\(output.name)\n")
        #expect(access(source, F_OK) != 0)
    }

    @Test(arguments: ["small", "large"])
    func whoCanStillWriteWritesToSomethingElse(name: String) throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir out; echo small > out/small; head -c 300000 /dev/zero > out/large")
        let source = fixture.scratch.path + "/out"
        let descriptor = open("\(source)/\(name)", O_RDWR)
        let before = try ["small", "large"].map { try inode("\(source)/\($0)") }
        let (_, path) = try register(fixture, source)
        let after = try ["small", "large"].map { try inode("\(path)/\($0)") }
        #expect(zip(before, after).count { $0 == $1 } == 1)
        #expect(write(descriptor, "changed", 7) == 7)
        close(descriptor)
        #expect(try fixture.store.verify() == [])
    }

    /// A file that is mapped, and has no descriptor any more.
    @Test func whoHasMappedAFileWritesToSomethingElse() throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir out; echo small > out/small")
        let source = fixture.scratch.path + "/out"
        let descriptor = open("\(source)/small", O_RDWR)
        let memory = try #require(
            mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0))
        close(descriptor)
        let (_, path) = try register(fixture, source)
        memory.storeBytes(of: UInt8(ascii: "S"), as: UInt8.self)
        #expect(try TextFile.read(path + "/small") == "small\n")
        munmap(memory, 4096)
    }

    @Test func filesWithOtherNamesAreCopied() throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir out; echo small > out/small; ln out/small outside")
        let (_, path) = try register(fixture, fixture.scratch.path + "/out")
        try fixture.shell("echo changed > outside")
        #expect(try TextFile.read(path + "/small") == "small\n")
    }

    @Test func contentsThatAreThereAreShared() throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir one two; echo same > one/a; echo same > two/b; echo same > two/c")
        let (_, first) = try register(fixture, fixture.scratch.path + "/one")
        let (_, second) = try register(fixture, fixture.scratch.path + "/two")
        let inodes = try [first + "/a", second + "/b", second + "/c"].map(inode)
        #expect(Set(inodes).count == 1)
    }

    /// On a file system that nothing can be moved from.
    @Test func whatIsElsewhereIsCopied() throws {
        let fixture = try StoreFixture()
        let source = "/dev/shm/bramble-test-\(UInt64.random(in: 0...UInt64.max))"
        try fixture.shell("mkdir \(source) && echo small > \(source)/small")
        let (_, path) = try register(fixture, source)
        #expect(try TextFile.read(path + "/small") == "small\n")
        try fixture.shell("rm -r \(source)")
    }
}
