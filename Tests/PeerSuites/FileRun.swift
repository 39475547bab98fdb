import StarlarkConformance
import TestKit

/// Runs one file of a suite and counts the lines at which something was checked.
struct FileRun {
    private(set) var passed = 0
    private(set) var failed = 0
    private(set) var skipped = 0
    /// What went wrong, skips without need included.
    private(set) var complaints: [String] = []

    private let name: String
    private let runner: ChunkRunner
    private let skips: FileSkips

    init(_ name: String, _ runner: ChunkRunner, _ skips: FileSkips) {
        self.name = name
        self.runner = runner
        self.skips = skips
    }

    mutating func run(_ file: ChunkedFile) {
        if skips.skipsAll {
            skipped += file.chunks.count
            return
        }
        var needed: Set<Int> = []
        for chunk in file.chunks { run(chunk, &needed) }
        let starts = skips.omitted.map(\.lowerBound)
        for line in skips.differing.union(skips.worded).union(starts).subtracting(needed).sorted() {
            complain(line, "is skipped, but passes")
        }
    }

    /// - Parameter needed: is given the skipped lines that would fail; of omitted ones the first.
    private mutating func run(_ chunk: ChunkedFile.Chunk, _ needed: inout Set<Int>) {
        let omitted = skips.omitted.filter { chunk.lines.contains($0.lowerBound) }
        let report = runner.run(chunk.omitting(omitted), of: name)
        var problemLines: Set<Int> = []
        for problem in report.problems {
            problemLines.insert(problem.line)
            if skips.differing.contains(problem.line)
                || (problem.isOnlyWording && skips.worded.contains(problem.line))
            {
                needed.insert(problem.line)
                skipped += 1
            } else {
                complain(problem.line, problem.message)
            }
        }
        passed += report.checkedLines.subtracting(problemLines).count
        for range in omitted {
            // Were it not left out, would anything go wrong?
            let others = runner.run(chunk.omitting(omitted.filter { $0 != range }), of: name)
            if others.problems.contains(where: { range.contains($0.line) }) {
                needed.insert(range.lowerBound)
                skipped += 1
            }
        }
    }

    private mutating func complain(_ line: Int, _ message: String) {
        failed += 1
        complaints.append("\(name):\(line): \(message)")
    }
}

extension ChunkedFile.Chunk {
    /// The numbers of the chunk's lines.
    var lines: Range<Int> {
        firstLine..<text.unicodeScalars.count { $0 == "\n" } + 2
    }

    /// The chunk with some lines left empty.
    func omitting(_ ranges: [ClosedRange<Int>]) -> ChunkedFile.Chunk {
        if ranges.isEmpty { return self }
        let lines = Set(ranges.joined())
        var text = ""
        for (index, line) in linesOfText.enumerated() {
            if index > 0 { text += "\n" }
            if !lines.contains(index + 1) { text.unicodeScalars.append(contentsOf: line) }
        }
        return ChunkedFile.Chunk(
            description: description, firstLine: firstLine, text: text,
            expectations: expectations.filter { !lines.contains($0.line) }, options: options)
    }

    private var linesOfText: [Substring.UnicodeScalarView] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
