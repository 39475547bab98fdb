import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// Outputs of builds: their placeholders, their names, what they refer to.
struct RegisteringTests {
    static let derivation = DerivationName.hello

    static func placeholder(_ output: OutputName) -> String {
        Placeholder(derivation: derivation, output: output).storeName.description
    }

    /// Registers directories made from texts, in which `@out@` is the placeholder of `out`.
    private func register(
        _ outputs: [OutputName: [String: String]], _ fixture: StoreFixture,
        candidates: [StoreName] = []
    ) throws -> [BuiltOutput] {
        try fixture.shell("rm -rf built && mkdir built")
        var directories: [OutputName: String] = [:]
        for (output, files) in outputs {
            try fixture.shell("mkdir built/\(output)")
            directories[output] = fixture.scratch.path + "/built/\(output)"
            for (name, text) in files {
                try fixture.scratch.write(resolved(text), to: "built/\(output)/\(name)")
            }
        }
        func request(mayBeTaken: Bool) -> OutputsToRegister {
            OutputsToRegister(
                derivation: RegisteringTests.derivation, directories: directories,
                candidates: candidates, mayBeTaken: mayBeTaken)
        }
        let outputs = try fixture.store.register(request(mayBeTaken: false))
        // The same comes out where the directories are taken.
        let other = try LocalStore(fixture.scratch.path + "/other")
        #expect(try other.register(request(mayBeTaken: true)) == outputs)
        // What they refer to is only in the first store.
        if candidates.isEmpty { #expect(try other.verify() == []) }
        return outputs
    }

    private func resolved(_ text: String) -> String {
        var text = text
        for output in [OutputName.standard, .dev, .doc] {
            text = text.replacing("@\(output)@", with: RegisteringTests.placeholder(output))
        }
        return text
    }

    private func read(_ output: BuiltOutput, _ file: String, _ fixture: StoreFixture) throws
        -> String
    {
        try TextFile.read(fixture.store.diskPath(of: output.name) + "/" + file)
    }

    @Test func ownNameIsPutInPlaceOfThePlaceholder() throws {
        let fixture = try StoreFixture()
        let out = try register(
            [.standard: ["a": "<@out@>", "b/c": "@out@@out@", "d": "-"]], fixture)[0]
        #expect(try read(out, "a", fixture) == "<\(out.name)>")
        #expect(try read(out, "b/c", fixture) == "\(out.name)\(out.name)")
        let path = fixture.store.diskPath(of: out.name)
        let name = try fixture.independently(path, own: out.name).split(separator: " ")[1]
        #expect(name == out.name.description)
        #expect(try fixture.independently(path).hasPrefix("\(out.tree) "))
        #expect(try fixture.store.damages(of: out.name) == [])
        #expect(try fixture.store.findReferences(of: out.name) == [])
    }

    @Test func positionsOfTheOwnNameCount() throws {
        let fixture = try StoreFixture()
        // With blanks in place of the name, both are the same bytes.
        let blank = String(repeating: "0", count: 32)
        let first = try register([.standard: ["a": "@out@ \(blank)"]], fixture)[0]
        let second = try register([.standard: ["a": "\(blank) @out@"]], fixture)[0]
        #expect(first.name != second.name)
        #expect(try register([.standard: ["a": "@out@ \(blank)"]], fixture)[0] == first)
    }

    /// The place of a name in a block, and across the edge of two, for every offset of the edge.
    @Test func namesAcrossTheEdgesOfBlocksAreFound() throws {
        let fixture = try StoreFixture()
        let input = try fixture.add(["input": "x"])
        let edge = BlockBuffer.capacityBytes
        let cuts = [0, 1, 17, 31, 32, 33]
        var files: [String: String] = [:]
        for cut in cuts {
            let filler = String(repeating: "-", count: edge - cut)
            files["\(cut)"] = filler + "@out@\(input.name)--"
        }
        let out = try register([.standard: files], fixture, candidates: [input.name])[0]
        for cut in cuts {
            let text = try read(out, "\(cut)", fixture)
            #expect(text.utf8.count == edge - cut + 66, "cut \(cut)")
            #expect(text.hasSuffix("-\(out.name)\(input.name)--"), "cut \(cut)")
        }
        #expect(try fixture.store.findReferences(of: out.name) == [input.name])
        #expect(try fixture.store.damages(of: out.name) == [])
    }

    /// Small files are hashed together, large ones one by one; some hold the own name, some nothing.
    @Test func manyFilesOfAllSizes() throws {
        let fixture = try StoreFixture()
        var random = SeededRandom(seed: 1)
        var files: [String: String] = [:]
        for number in 0..<90 {
            let size = [0, 10, 5000, 66_000][number % 4] + Int.random(in: 0...100, using: &random)
            var text = String(repeating: "-", count: size) + "\(number)"
            for _ in 0..<[0, 1, 3][number % 3] {
                let place = Int.random(in: 0...text.count, using: &random)
                text.insert(contentsOf: "@out@", at: text.index(text.startIndex, offsetBy: place))
            }
            files["\(number)"] = number % 10 == 0 ? "" : text
        }
        let out = try register([.standard: files], fixture)[0]
        let path = fixture.store.diskPath(of: out.name)
        let name = try fixture.independently(path, own: out.name).split(separator: " ")[1]
        #expect(name == out.name.description)
        #expect(try fixture.independently(path).hasPrefix("\(out.tree) "))
        #expect(try fixture.store.verify() == [])
        let text = resolved(files["89"] ?? "").replacing(
            RegisteringTests.placeholder(.standard), with: out.name.description)
        #expect(try read(out, "89", fixture) == text)
    }

    @Test func textThatOverlapsIsReplacedFromLeftToRight() throws {
        let fixture = try StoreFixture()
        let own = RegisteringTests.placeholder(.standard)
        // A beginning of the placeholder, then all of it; and it, then its end again.
        let out = try register(
            [
                .standard: [
                    "a": own.prefix(31) + own, "b": own + own.suffix(31), "c": own.prefix(31) + "-",
                ]
            ],
            fixture)[0]
        #expect(try read(out, "a", fixture) == own.prefix(31) + "\(out.name)")
        #expect(try read(out, "b", fixture) == "\(out.name)" + own.suffix(31))
        #expect(try read(out, "c", fixture) == own.prefix(31) + "-")
    }

    @Test func outputsReferToEachOther() throws {
        let fixture = try StoreFixture()
        let input = try fixture.add(["input": "x"])
        let outputs = try register(
            [
                .standard: ["a": "@dev@ and @out@", "same": "@doc@"],
                .dev: ["b": "@doc@ \(input.name)"],
                .doc: ["c": "text"],
            ], fixture, candidates: [input.name])
        let (dev, doc, out) = (outputs[0], outputs[1], outputs[2])
        #expect(outputs.map(\.output) == [.dev, .doc, .standard])
        #expect(try read(out, "a", fixture) == "\(dev.name) and \(out.name)")
        #expect(try read(dev, "b", fixture) == "\(doc.name) \(input.name)")
        #expect(try fixture.store.findReferences(of: out.name) == [dev.name, doc.name].sorted())
        #expect(
            try fixture.store.findClosure(of: [out.name]).count == 4
                && fixture.store.findClosure(of: [out.name]).last == out.name)
        for output in outputs {
            #expect(try fixture.store.damages(of: output.name) == [])
        }
    }

    @Test func circleOfOutputsIsRefused() throws {
        let fixture = try StoreFixture()
        let error = #expect(throws: StoreError.self) {
            try register([.standard: ["a": "@dev@"], .dev: ["b": "@out@"], .doc: [:]], fixture)
        }
        #expect(error?.code == .cycle)
        #expect(
            message(of: error, fixture)
                == "cannot register the outputs of `hello`: the outputs `dev`, `out` refer to each "
                + "other in a circle")
        #expect(try fixture.store.objects() == [])
    }

    @Test func placeholdersInSymlinksAndNames() throws {
        let fixture = try StoreFixture()
        let own = RegisteringTests.placeholder(.standard)
        try fixture.shell(
            """
            mkdir -p o d && echo x > d/f && ln -s \(StorePath.prefix)\(own)/bin o/link
            ln -s \(StorePath.prefix)\(RegisteringTests.placeholder(.dev))/f o/dev
            """)
        let outputs = try fixture.store.register(
            OutputsToRegister(
                derivation: .hello,
                directories: [
                    .standard: fixture.scratch.path + "/o", .dev: fixture.scratch.path + "/d",
                ], candidates: []))
        let (dev, out) = (outputs[0], outputs[1])
        let path = fixture.store.diskPath(of: out.name)
        #expect(try fixture.shell("readlink '\(path)/link'") == "\(StorePath(out.name))/bin\n")
        #expect(try fixture.shell("readlink '\(path)/dev'") == "\(StorePath(dev.name))/f\n")
        let named = try fixture.independently(path, own: out.name)
        #expect(named.hasSuffix(out.name.description))
        #expect(try fixture.store.findReferences(of: out.name) == [dev.name])
        #expect(try fixture.store.damages(of: out.name) == [])

        let error = #expect(throws: StoreError.self) {
            try register([.standard: ["lib-@out@".replacing("@out@", with: own): "x"]], fixture)
        }
        #expect(error?.code == .unsupported)
    }

    @Test func buildsAreFoundByTheirKeys() throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir o && echo x > o/f")
        var facts = BuildRecord.Facts(
            key: try BuildKey("jq7sm6c66lutptnwolzon5523svodvrb"), derivation: .hello,
            finishedAt: 1_700_000_000)
        facts.durationMilliseconds = 12
        facts.machine = "here"
        #expect(try fixture.store.findBuild(facts.key) == nil)
        let outputs = try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: []), facts: facts)
        let record = BuildRecord(facts, outputs: outputs)
        #expect(try fixture.store.findBuild(facts.key) == record)
        #expect(try fixture.store.builds() == [record])
    }

    /// At every offset of the edge, with blocks that are barely longer than a name.
    @Test func smallBlocksCutNoName() throws {
        let fixture = try StoreFixture()
        let own = RegisteringTests.placeholder(.standard)
        let scan = NameScan(
            scanner: NameScanner([try StoreName(own)]), replaced: 0..<1)
        for size in [33, 40, 64, 100] {
            for lead in 0...size + 1 {
                let text = String(repeating: "q", count: lead) + own + own + "-" + own
                try fixture.scratch.write(text, to: "text")
                let file = try fixture.store.fileSystem.open(
                    Place(fixture.scratch.path + "/text"), .read)
                defer { fixture.store.fileSystem.close(file) }
                var reader = BlockReader(
                    fixture.store.fileSystem, file, BlockBuffer(capacityBytes: size))
                reader.scan = scan
                var found: [Int] = []
                var bytes: [UInt8] = []
                try reader.forEachBlock { (block) throws(StoreError) in
                    found += block.hits.map { block.offset + $0.offset }
                    bytes += block.bytes
                }
                #expect(found == [lead, lead + 32, lead + 65], "block \(size), lead \(lead)")
                #expect(bytes == Array(text.utf8), "block \(size), lead \(lead)")
            }
        }
    }

    @Test func scannerFindsWhatASearchFinds() {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        func text(_ count: Int, outsideOneIn rarity: Int) -> [UInt8] {
            (0..<count).map { _ in
                Int.random(in: 0..<rarity, using: &random) == 0
                    ? UInt8.random(in: 0...255, using: &random)
                    : alphabet[Int.random(in: 0..<32, using: &random)]
            }
        }
        for round in 0..<200 {
            let names = (0..<Int.random(in: 1...40, using: &random)).compactMap { _ in
                try? StoreName(String(decoding: text(32, outsideOneIn: .max), as: UTF8.self))
            }
            var bytes = text(Int.random(in: 0...300, using: &random), outsideOneIn: 20)
            for name in names.prefix(5) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                bytes.insert(contentsOf: Array(name.description.utf8), at: place)
            }
            var expected: [[Int]] = []
            for start in bytes.indices where start + 32 <= bytes.count {
                let window = String(decoding: bytes[start..<start + 32], as: UTF8.self)
                for (number, name) in names.enumerated() where name.description == window {
                    expected.append([start, number])
                }
            }
            var found: [[Int]] = []
            bytes.withUnsafeBytes { bytes in
                NameScanner(names).scan(bytes) {
                    found.append([$0, $1])
                    return 1
                }
            }
            #expect(found == expected, "round \(round)")
        }
    }
}

extension DerivationName {
    static let hello = valid("hello")

    static func valid(_ text: String) -> DerivationName {
        guard let name = try? DerivationName(text) else { preconditionFailure("no name: \(text)") }
        return name
    }
}

extension OutputName {
    static let dev = valid("dev")
    static let doc = valid("doc")

    private static func valid(_ text: String) -> OutputName {
        guard let name = try? OutputName(text) else { preconditionFailure("no name: \(text)") }
        return name
    }
}
