import BrambleModel
import Testing

/// Texts that are, and texts that are not, names, hashes, paths and URLs.
struct TextFormTests {
    struct Case: CustomTestStringConvertible {
        let type: any TextRepresentable.Type
        let valid: [String]
        let invalid: [String]
        var testDescription: String { "\(type)" }
    }

    static let base32 = "abcdefghijklmnopqrstuvwxyz234567"
    static let hex = String(repeating: "0123456789abcdef", count: 4)
    static let store = "/bramble/content-addressed-and-relocatable/store/"

    static let hashes = Case(
        type: DerivationHash.self, valid: [base32, String(repeating: "7", count: 32)],
        invalid: [
            "", "a", base32 + "a", String(base32.dropLast()), base32.uppercased(),
            String(base32.dropLast()) + "1", String(base32.dropLast()) + " ",
            String(base32.dropLast()) + "é", String(base32.dropLast(2)) + "é",
        ])

    static let cases: [Case] = [
        hashes,
        Case(type: StoreName.self, valid: hashes.valid, invalid: hashes.invalid),
        Case(type: BuildKey.self, valid: hashes.valid, invalid: hashes.invalid),
        Case(
            type: DerivationName.self,
            valid: [
                "a", "A", "0", "gcc-14.2", "a+b_c", String(repeating: "x", count: 200), "libstdc++",
            ],
            invalid: [
                "", "-a", ".a", "_a", "+", "a b", "a/b", "a\n", "é", "a\u{301}",
                String(repeating: "x", count: 201), "a\0", "a:b",
            ]),
        Case(
            type: OutputName.self,
            valid: ["out", "a", "dev_1", String(repeating: "x", count: 64)],
            invalid: [
                "", "Out", "1", "_a", "a-b", "a b", "é", "a\u{301}",
                String(repeating: "x", count: 65), "out\n",
            ]),
        Case(
            type: Platform.self, valid: ["linux-x86_64", "linux-aarch64", "a-b", "0-1"],
            invalid: [
                "", "-", "linux", "linux-", "-x", "a-b-c", "Linux-x86_64", "a-é",
                "a-" + String(repeating: "x", count: 31),
            ]),
        Case(
            type: PackageName.self,
            valid: [
                "a", "github.com/x/y", "example.org/~me/a+b_c-1", ".../x",
                String(repeating: "x", count: 255),
            ],
            invalid: [
                "", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "https://example.org", "a b",
                "é", "a\0", "a@1", String(repeating: "x", count: 256),
            ]),
        Case(
            type: RelativePath.self,
            valid: [
                "a", "a/b", "...", "a/...", ".a", "a.", "..a", "a b", "é\n", "世界/😀",
                String(repeating: "x", count: 255), "-", "a/.b", "~",
            ],
            invalid: [
                "", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "a/..", "a/../b", "a/./b",
                "../a", "a\0", String(repeating: "x", count: 256),
                String(repeating: "xxx/", count: 1024) + "x",
            ]),
        Case(
            type: Reference.self, valid: ["{{ \(base32):out }}", "{{ \(base32):a1_ }}"],
            invalid: [
                "", "{{ \(base32) }}", "{{\(base32):out}}", "{{ \(base32):out }} ",
                " {{ \(base32):out }}", "{{ \(base32):Out }}", "{{ \(base32.uppercased()):out }}",
                "{{ \(base32):out }}{{ \(base32):out }}",
            ]),
        Case(
            type: ContentHash.self, valid: ["sha256-" + hex],
            invalid: [
                "", hex, "sha256:" + hex, "sha256-" + hex.uppercased(), "sha256-" + hex.dropLast(),
                "sha256-" + hex + "0", "SHA256-" + hex,
            ]),
        Case(
            type: Digest.self, valid: [hex + "/0", hex + "/9223372036854775807"],
            invalid: [
                "", hex, hex + "/", hex + "/-1", hex + "/01", hex + "/9223372036854775808",
                hex + "/1/2", "/1", hex + "/ 1", hex + "/+1",
            ]),
        Case(
            type: StorePath.self,
            valid: [store + base32, store + base32 + "/bin/sh"],
            invalid: [
                "", store, base32, store + base32 + "/", store + base32 + "x",
                store + base32 + "/../x", store.dropFirst() + base32, store + "x/" + base32,
            ]),
        Case(
            type: SourceURL.self,
            valid: [
                "https://example.org", "https://example.org/a%20b?c=d&e@f", "http://[::1]:80/x",
                "file:///a/b", "ssh://git@example.org/x", "ssh://example.org:22/x",
                "https://example.org/:@",
            ],
            invalid: [
                "", "example.org", "HTTPS://example.org", "ftp://example.org/", "https:/x",
                "https://", "https:///x", "https://u@example.org/", "https://u:p@example.org/",
                "ssh://u:p@example.org/", "ssh://@/", "file://host/x", "file:a",
                "https://example.org/#f", "https://example.org/a b", "https://example.org/é",
                "https://example.org/\n", "git@example.org:x/y", "https://a@b@c/",
                "https://x/" + String(repeating: "x", count: 8192), "https://?x", "https://u@",
            ]),
    ]

    @Test(arguments: cases)
    func forms(_ row: Case) throws {
        for text in row.valid {
            #expect(throws: Never.self, "\(text)") {
                let value = try row.type.init(text)
                #expect(Array(value.description.utf8) == Array(text.utf8))
            }
        }
        for text in row.invalid {
            let fault = #expect(throws: Fault.self, "\(row.type): \(text)") {
                try row.type.init(text)
            }
            #expect(fault?.hint != nil)
            #expect(fault?.message.hasSuffix(".") == false)
        }
    }

    @Test func credentialsAreNotRepeated() throws {
        for url in ["https://user:secret@example.org/", "ssh://a:secret@example.org/x"] {
            let fault = #expect(throws: Fault.self) { try SourceURL(url) }
            #expect(fault?.description.contains("secret") == false)
        }
    }

    @Test func orderIsThatOfTheTexts() throws {
        let texts = [base("2"), base("7"), base("a"), base("z")]
        #expect(
            try texts.reversed().map { try DerivationHash($0) }.sorted().map(\.description) == texts
        )
        // Canonically equivalent, and yet two paths, in the order of their bytes.
        let composed = try RelativePath("\u{E9}")
        let decomposed = try RelativePath("e\u{301}")
        #expect(composed != decomposed)
        #expect(decomposed < composed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    private func base(_ first: String) -> String { first + String(repeating: "m", count: 31) }

    @Test func contentHashes() throws {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(ContentHash(of: []).hex == empty)
        #expect(ContentHash(digest: ContentHash(of: [1]).bytes) == ContentHash(of: [1]))
        #expect(ContentHash(digest: [1]) == nil)
        #expect(Digest(of: Array("hello".utf8)).sizeBytes == 5)
    }

    static let textsWithObjects: [(text: String, count: Int)] = [
        ("", 0), (store, 0), (store + base32, 1), ("-I\(store)\(base32)/include:", 1),
        ("\(store)\(base32):\(store)\(base32)\(store)\(base32)", 3),
        (store + store + base32, 1), ("\(store)\(base32)a", 0),
        (store + String(base32.dropLast()), 0), (store + base32.uppercased(), 0),
        (String(store.dropFirst()) + base32, 0), ("é\(store)\(base32)é", 1),
    ]

    @Test(arguments: textsWithObjects)
    func objectsNamedInTexts(_ text: String, _ count: Int) throws {
        let name = try StoreName(Self.base32)
        #expect(StorePath.objects(namedIn: text) == Array(repeating: name, count: count))
    }
}
