import BrambleModel
import FoundationEssentials
import TestKit
import Testing

@testable import BrambleStore

/// Objects that leave the store and run from elsewhere.
struct BundlingTests {
    private static let store = StorePath.prefix

    /// The tools of a shell, and a program that holds paths of the store in every way that can be
    /// rewritten: as its interpreter, in its text, in a binary, in symlinks.
    private func makeProgram(_ fixture: StoreFixture) throws -> StoreName {
        try fixture.shell("mkdir tools && cp /usr/bin/busybox tools && echo data > tools/data")
        let tools = try fixture.store.add(directory: fixture.scratch.path + "/tools").name
        let own = Placeholder(derivation: .hello, output: .standard).storeName
        let path = "\(StorePath(tools))"
        try fixture.scratch.write(
            """
            #!\(path)/busybox sh
            d='\(StorePath(own))'
            \(path)/busybox cat "$d/data"
            exec "$d/bin/binary"
            """, to: "o/bin/hello")
        try fixture.scratch.write(
            """
            #include <stdio.h>
            const char path[] = "\(path)/data";
            int main(void) {
                char line[100];
                FILE *file = fopen(path, "r");
                return !file || !fgets(line, sizeof line, file) || fputs(line, stdout) < 0;
            }
            """, to: "binary.c")
        try fixture.shell(
            """
            cc -o o/bin/binary binary.c && chmod +x o/bin/hello
            ln -s \(path)/data o/data && ln -s \(StorePath(own))/bin/hello o/run
            """)
        return try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: [tools]))[0].name
    }

    private func bundle(
        _ names: [StoreName], at prefix: String, to place: String? = nil, _ fixture: StoreFixture
    ) throws -> BundleReport {
        try fixture.store.bundle(
            names, at: BundlePrefix(prefix), to: place ?? prefix, expand: { _, _ in false })
    }

    @Test func runsAtThreePrefixes() throws {
        let fixture = try StoreFixture()
        let name = try makeProgram(fixture)
        let folder = fixture.scratch.path
        let room = BundlePrefix.limitBytes - folder.utf8.count - 1
        try #require(room >= 6, "the folder of temporary files has too long a path: \(folder)")
        for last in ["p", "two.2", String(repeating: "x", count: room)] {
            let prefix = "\(folder)/\(last)"
            let report = try bundle([name], at: prefix, fixture)
            #expect(report.objects.count == 2 && report.objects.last == name)
            #expect(report.remnants == [])
            // The interpreter, `d`, `cat`, the binary's, the two symlinks'.
            #expect(report.replacedCount == 6)
            // Nothing of the store is in the way.
            try fixture.shell("chmod 0 'the store'")
            defer { _ = try? fixture.shell("chmod 700 'the store'") }
            #expect(try fixture.shell("'\(prefix)/\(name)/run'") == "data\ndata\n")
            #expect(
                try fixture.shell("grep -rlaF '\(BundlingTests.store)' '\(prefix)' | wc -l")
                    == "0\n")
            #expect(
                try fixture.shell(
                    "cd '\(prefix)/\(name)' && find . -printf '%p %y %m %s %T@\\n' | sort"
                )
                .contains("./bin/hello f 755 "))
        }
        #expect(try fixture.store.verify() == [])
    }

    /// Whatever the window, every occurrence is replaced once, and what stays is told once.
    @Test func windowsCutNothing() throws {
        let fixture = try StoreFixture()
        let name = StoreName(tree: Tree.empty.root)
        let prefix = try BundlePrefix("/p")
        let canonical = String(BundlingTests.store.dropLast())
        let padded = "/p" + String(repeating: "/", count: canonical.utf8.count - 2)
        let rewriting = PrefixRewriting(replacement: prefix.padded, names: NameScanner([name]))
        let tail = "\(canonical)/\(name)\(canonical)-\(name)="
        for core in [1, 7, 48, 130] {
            let copier = BundledFile(
                fixture.store.fileSystem, rewriting,
                capacityBytes: 2 * PrefixRewriting.marginBytes + core)
            for lead in stride(from: 0, to: 140, by: core == 130 ? 1 : 13) {
                let text = String(repeating: "/", count: lead) + tail
                try fixture.scratch.write(text, to: "text")
                let file = Directory.File(
                    name: "text", digest: Digest(of: Array(text.utf8)), isExecutable: false)
                let target = fixture.scratch.path + "/copy-\(core)-\(lead)"
                let findings = try copier.copy(
                    Place(fixture.scratch.path + "/text"), file, to: Place(target))
                #expect(
                    try TextFile.read(target) == text.replacing(canonical, with: padded),
                    "\(core) bytes, lead \(lead)")
                #expect(findings.replacedCount == 2, "\(core) bytes, lead \(lead)")
                let place = lead + 2 * canonical.utf8.count + 1 + 32 + 1
                #expect(
                    findings.remnants.map(\.offset) == [place], "\(core) bytes, lead \(lead)")
            }
        }
    }

    struct Remaining: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Makes the file `f`; `$1` is the name of an object, `$2` the store's prefix.
        let make: String
        let message: String
    }

    static let remaining = [
        Remaining(
            testDescription: "UTF-16, low bytes first",
            make: "printf 'ab%s' \"$2\" | iconv -t UTF-16LE > f",
            message: "the store's prefix in UTF-16 at 22"),
        Remaining(
            testDescription: "UTF-16, high bytes first",
            make: "printf 'ab%s' \"$2\" | iconv -t UTF-16BE > f",
            message: "the store's prefix in UTF-16 at 23"),
        Remaining(
            testDescription: "slashes of JSON", make: "printf '%s' \"$2\" | sed 's|/|\\\\/|g' > f",
            message: "a part of the store's prefix at 11"),
        Remaining(
            testDescription: "name alone", make: "printf 'x=\"%s\"' \"$1\" > f",
            message: "the name of an object, without a path, at 3"),
        Remaining(
            testDescription: "compressed, as far as is known",
            make: "printf '%s' \"$2$1\" | gzip -n > f",
            message: "compressed, and cannot be expanded: what it refers to is not known"),
    ]

    @Test(arguments: remaining) func whatStaysIsTold(_ row: Remaining) throws {
        let fixture = try StoreFixture()
        let name = try fixture.add(["a": "1"]).name
        try fixture.shell(
            "mkdir t && cd t && set -- \(name) \(BundlingTests.store) && \(row.make)")
        let object = try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/t"],
                candidates: [name]))[0].name
        let report = try bundle([object, name], at: fixture.scratch.path + "/p", fixture)
        #expect(
            report.remnants.map { "\($0.object)/\($0.path): \($0.message)" }
                == ["\(object)/f: \(row.message)"])
    }

    /// A compressed file is copied as it is, and what it expands to is looked into, however it
    /// comes in parts.
    @Test(arguments: [1, 7, 1000]) func compressedFilesAreLookedInto(_ partBytes: Int) throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir t && echo x | gzip -n > t/f && cat t/f > f")
        let name = try fixture.store.add(directory: fixture.scratch.path + "/t").name
        let contents: [(member: String?, text: String)] = [
            ("a", "nothing"), ("b", String(repeating: "-", count: 300) + BundlingTests.store),
            ("c", "\(name)\(name)"), ("d", BundlingTests.store.dropFirst(20) + "+"),
        ]
        let report = try fixture.store.bundle(
            [name], at: BundlePrefix("/p"), to: fixture.scratch.path + "/p",
            expand: { _, take in
                for content in contents {
                    let bytes = Array(content.text.utf8)
                    for start in stride(from: 0, to: bytes.count, by: partBytes) {
                        bytes[start..<min(start + partBytes, bytes.count)].withUnsafeBytes {
                            take(content.member, $0)
                        }
                    }
                }
                return true
            })
        #expect(
            report.remnants.map(\.message) == [
                "a reference at 309 of `b` in it", "a reference at 0 of `c` in it",
            ])
        #expect(try fixture.shell("cmp f p/\(name)/f") == "")
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let prefix: String
        let message: String
    }

    static let refused = [
        Refused(
            testDescription: "relative", prefix: "opt", message: "the prefix `opt` is not absolute"),
        Refused(testDescription: "empty", prefix: "", message: "the prefix `` is not absolute"),
        Refused(
            testDescription: "root", prefix: "//",
            message: "the prefix `//` is no folder of its own"),
        Refused(
            testDescription: "parent", prefix: "/opt/../x",
            message: "the prefix `/opt/../x` has a component `.` or `..`"),
        Refused(
            testDescription: "line feed", prefix: "/opt\n/x",
            message:
                "the prefix `/opt?/x` has characters that scripts and search paths give a meaning to"
        ),
        Refused(
            testDescription: "space", prefix: "/opt x",
            message:
                "the prefix `/opt x` has characters that scripts and search paths give a meaning to"
        ),
        Refused(
            testDescription: "too long", prefix: "/" + String(repeating: "é", count: 24),
            message: "the prefix `/éééééééééééééééééééééééé` has 49 bytes; there is room for 48"),
    ]

    @Test(arguments: refused) func prefixes(_ row: Refused) {
        let error = #expect(throws: StoreError.self) { try BundlePrefix(row.prefix) }
        #expect(error?.message == row.message)
        #expect(error?.code == .malformed)
    }

    @Test func slashesOfAPrefixDoNotMatter() throws {
        #expect(try BundlePrefix("//opt//x/").path == "/opt/x")
        let longest = "/" + String(repeating: "x", count: BundlePrefix.limitBytes - 1)
        #expect(try BundlePrefix(longest).padded == Array(longest.utf8))
    }

    @Test func nothingIsWrittenOver() throws {
        let fixture = try StoreFixture()
        let name = try fixture.add(["a": "1"]).name
        try fixture.shell("mkdir -p full/x empty && echo > file")
        for place in ["full", "file"] {
            let error = #expect(throws: StoreError.self) {
                try bundle([name], at: "/p", to: fixture.scratch.path + "/" + place, fixture)
            }
            #expect(error?.errorNumber != nil)
        }
        _ = try bundle([name], at: "/p", to: fixture.scratch.path + "/empty", fixture)
        #expect(try fixture.shell("cat empty/\(name)/a") == "1")
        let absent = StoreName(tree: Digest(of: [1]))
        let error = #expect(throws: StoreError.self) {
            try bundle([absent], at: "/p", to: fixture.scratch.path + "/new", fixture)
        }
        #expect(error?.code == .notFound)
        #expect(
            try fixture.shell("ls -A") == "empty\nfile\nfull\nthe store\ntree\n")
    }

    @Test func damagedFilesDoNotLeave() throws {
        let fixture = try StoreFixture()
        let name = try fixture.add(["a": "1"]).name
        try fixture.shell(
            "cd '\(fixture.store.diskPath(of: name))' && chmod u+w a && printf 2 > a")
        let error = #expect(throws: StoreError.self) {
            try bundle([name], at: "/p", to: fixture.scratch.path + "/new", fixture)
        }
        #expect(error?.code == .corrupt)
        #expect(try fixture.shell("ls -A") == "the store\ntree\n")
    }

    /// A tar file is what the directory is, and other programs read it.
    @Test func archives() throws {
        let fixture = try StoreFixture()
        let long = String(repeating: "n", count: 200)
        try fixture.shell(
            """
            mkdir -p t/d/\(long) t/empty && echo a > t/d/\(long)/a && : > t/zero
            head -c 70000 /dev/urandom > t/random && chmod +x t/random
            ln -s \(BundlingTests.store)\(long) t/link && ln -s a t/d/short
            """)
        let name = try fixture.store.add(directory: fixture.scratch.path + "/t").name
        let nothing: CompressedFileExpander = { _, _ in false }
        func archive() throws -> [UInt8] {
            var bytes: [UInt8] = []
            _ = try fixture.store.archiveBundle(
                [name], at: BundlePrefix("/opt/x"), expand: nothing
            ) { bytes += $0 }
            return bytes
        }
        let bytes = try archive()
        #expect(try archive() == bytes)
        try Data(bytes).write(to: URL(filePath: fixture.scratch.path + "/bundle.tar"))
        _ = try bundle([name], at: "/opt/x", to: fixture.scratch.path + "/directory", fixture)
        let list =
            "find . -printf '%p %y %m %T@ %l\\n' | sort && find . -type f | sort | xargs cksum"
        let unpacked = try fixture.shell(
            "umask 0 && mkdir unpacked && cd unpacked && tar -xpf ../bundle.tar && cd \(name) && \(list)"
        )
        #expect(unpacked == (try fixture.shell("cd directory/\(name) && \(list)")))
        #expect(unpacked.contains("./link l 777 1.0000000000 /opt/x/\(long)\n"))
        #expect(try fixture.shell("ls 'the store'/tmp/*").isEmpty)
    }
}
