import TestKit

import SourceDiagnostics

/// What a peer's suite expects that we do otherwise, each with its reason.
///
/// A line is `SUITE FILE:LINE REASON`. FILE is the end of a path; LINE is the line of an expectation or a failed
/// assertion, or with `chunk` before it the first line of a chunk that is not run at all.
public struct SkipList: Sendable {
    struct Entry: Hashable, Sendable {
        let file: String
        let line: Int
        let isChunk: Bool
    }

    private var entries: [String: Set<Entry>] = [:]

    public init(path: String) throws {
        for line in try TextFile.read(path).split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count == 3, let colon = words[1].lastIndex(of: ":") else {
                throw HarnessError(message: "\(path): not a skip: \(line)")
            }
            var place = String(words[1][words[1].index(after: colon)...])
            let isChunk = place.hasPrefix("chunk")
            if isChunk { place = String(place.dropFirst(5)) }
            guard let number = Int(place) else {
                throw HarnessError(message: "\(path): not a line number: \(line)")
            }
            entries[words[0], default: []].insert(
                Entry(file: String(words[1][..<colon]), line: number, isChunk: isChunk))
        }
    }

    func entries(for suite: ConformanceSuite) -> Set<Entry> { entries[suite.rawValue] ?? [] }
}

/// Runs the files of a peer's suite and counts chunks.
public struct PeerSuiteRun {
    public let suite: ConformanceSuite
    public private(set) var passed = 0
    public private(set) var failed = 0
    public private(set) var skipped = 0
    private let skips: Set<SkipList.Entry>
    private var used: Set<SkipList.Entry> = []

    public init(suite: ConformanceSuite, skipped: SkipList) {
        self.suite = suite
        skips = skipped.entries(for: suite)
    }

    /// Prints what goes wrong, and skips that are not needed, which count as failures.
    public mutating func run(files: [String]) throws {
        let helper = try files.first { $0.hasSuffix("assert.star") }.map {
            SourceFile(name: "assert.star", text: try TextFile.read($0))
        }
        let runner = ChunkRunner(suite: suite, assertModule: helper)
        for path in files where !path.hasSuffix("assert.star") {
            for chunk in try ChunkedFile(path: path).chunks { run(chunk, path, runner) }
        }
        for skip in skips.subtracting(used) where files.contains(where: { $0.hasSuffix(skip.file) }) {
            print("\(skip.file):\(skip.line): skipped, but passes")
            failed += 1
        }
    }

    private mutating func run(_ chunk: ChunkedFile.Chunk, _ path: String, _ runner: ChunkRunner) {
        func skip(_ line: Int, chunk isChunk: Bool) -> SkipList.Entry? {
            skips.first {
                path.hasSuffix($0.file) && $0.line == line && $0.isChunk == isChunk
            }
        }
        if let entry = skip(chunk.firstLine, chunk: true) {
            used.insert(entry)
            skipped += 1
            return
        }
        var isSkipped = false
        var isFailed = false
        for mismatch in runner.run(chunk, file: path) {
            if let entry = skip(mismatch.line, chunk: false) {
                used.insert(entry)
                isSkipped = true
            } else {
                print("\(path):\(mismatch.line): \(mismatch)")
                isFailed = true
            }
        }
        if isFailed { failed += 1 } else if isSkipped { skipped += 1 } else { passed += 1 }
    }
}
