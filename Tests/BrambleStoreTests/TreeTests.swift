import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// Messages of directories, and reading them back.
struct TreeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let directory: Directory
        /// In hexadecimal, with the digests' texts left out as `…`.
        let encoded: String
    }

    static let empty = Digest(of: [])

    static let cases = [
        Case(testDescription: "empty", directory: Directory(), encoded: ""),
        Case(
            testDescription: "empty file",
            directory: Directory(files: [.init(name: "a", digest: empty, isExecutable: false)]),
            encoded: "0a47 0a0161 1242 0a40…"),
        Case(
            testDescription: "executable of 300 bytes",
            directory: Directory(
                files: [
                    .init(
                        name: "a", digest: Digest(hash: empty.hash, sizeBytes: 300),
                        isExecutable: true)
                ]),
            encoded: "0a4c 0a0161 1245 0a40… 10ac02 2001"),
        Case(
            testDescription: "a directory before a symlink, whatever the names",
            directory: Directory(
                directories: [.init(name: "b", digest: empty)],
                symlinks: [.init(name: "a", target: "b")]),
            encoded: "1247 0a0162 1242 0a40… 1a06 0a0161 120162"),
    ]

    @Test(arguments: cases) func encoding(_ row: Case) throws {
        let bytes = row.directory.encoded
        #expect(try Directory(decoding: bytes) == row.directory)
        let hash = Array(TreeTests.empty.hash.hex.utf8)
        var text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        text = text.replacing(
            hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(), with: "…")
        #expect(text == row.encoded.replacing(" ", with: ""))
    }

    @Test func namesAreInTheOrderOfTheirBytes() {
        let names = ["é", "e\u{301}", "z", "Z", "a.b", "a", "a-b", "\u{10000}", "\u{FFFF}"]
        let directory = Directory(symlinks: names.map { .init(name: $0, target: "x") })
        #expect(
            directory.symlinks.map(\.name)
                == ["Z", "a", "a-b", "a.b", "e\u{301}", "z", "é", "\u{FFFF}", "\u{10000}"])
    }

    /// Every change of a byte is refused, or is another directory in canonical form.
    @Test func onlyTheCanonicalFormIsRead() throws {
        let directory = Directory(
            files: [.init(name: "ab", digest: Digest(of: [1, 2]), isExecutable: true)],
            directories: [.init(name: "cd", digest: TreeTests.empty)],
            symlinks: [.init(name: "ef", target: "../x")])
        let bytes = directory.encoded
        for offset in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[offset] ^= 1 << UInt8(bit)
                guard let read = try? Directory(decoding: changed) else { continue }
                #expect(read != directory && read.encoded == changed, "byte \(offset), bit \(bit)")
            }
            #expect(throws: StoreError.self) {
                let cut = try Directory(decoding: Array(bytes.prefix(offset)))
                // Whole entries may be cut off; a part of one may not.
                if cut.encoded == Array(bytes.prefix(offset)) {
                    throw StoreError(.malformed, "a directory of fewer entries")
                }
            }
        }
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let directory: Directory
    }

    static let refused = [".", "..", "a/b", "a\0"].map { name in
        Refused(
            testDescription: name, directory: Directory(symlinks: [.init(name: name, target: "x")]))
    }

    @Test(arguments: refused) func namesThatNoFileHas(_ row: Refused) {
        let error = #expect(throws: StoreError.self) {
            try Directory(decoding: row.directory.encoded)
        }
        #expect(error?.code == .malformed)
    }

    @Test func treesKeepEqualDirectoriesOnce() throws {
        let leaf = Directory(symlinks: [.init(name: "l", target: "t")])
        let root = Directory(
            directories: ["a", "b"].map { .init(name: $0, digest: leaf.digest) })
        let tree = try Tree(
            root: root.digest, directories: [root.digest: root, leaf.digest: leaf])
        #expect(tree.entryCount == 4)
        #expect(try Tree(decoding: tree.encoded) == tree)
        #expect(throws: StoreError.self) {
            try Tree(root: root.digest, directories: [root.digest: root])
        }
    }
}
