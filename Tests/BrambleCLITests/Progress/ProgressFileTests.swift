import Bramble
import BrambleModel
import FoundationEssentials
import Synchronization
import TestKit
import Testing

@testable import BrambleCLI

/// The files of events and traces, read back.
@Suite struct ProgressFileTests {
    private let folder: ScratchFolder
    private let (hello, zlib, gcc): (Sample, Sample, Sample)

    init() throws {
        folder = try ScratchFolder()
        (hello, zlib, gcc) = (try Sample("hello"), try Sample("zlib"), try Sample("gcc"))
    }

    /// A clock that goes on by a quarter of a second whenever it is read.
    private func clock() -> @Sendable () -> Duration {
        let count = Counter()
        return { .milliseconds(250) * count.next() }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private func events() throws -> [BuildEvent] {
        [
            .planned(derivations: 3, pending: 2), gcc.reused, hello.started(expected: 7),
            zlib.started(.fetch), zlib.fetched(5, of: nil), hello.logged("a\n\"b\"\n"),
            try hello.finished(9), gcc.joined, gcc.started(.remote), zlib.joined,
            zlib.failed(.fetch),
        ]
    }

    @Test func eventsAreThereAsTheyCome() throws {
        let path = folder.path + "/events"
        let file = try EventFile(path, now: clock())
        for (index, event) in try events().enumerated() {
            file.take(event)
            let lines = try TextFile.read(path).split(separator: "\n")
            #expect(lines.count == index + 2)
            let line = try CanonicalJSON.decode(
                EventFile.Line.self, from: Array(try #require(lines.last).utf8))
            #expect(line == EventFile.Line(at: 250 * (index + 1), event: event))
        }
        try file.finish()
        let text = try TextFile.read(path)
        #expect(text.hasPrefix("{\"schema\":\"bramble/build-events/1\"}\n"))
        try GoldenFile("Events.jsonl").check(text)
    }

    @Test func tracesHaveALaneForAllThatRunsAtOnce() throws {
        let path = folder.path + "/trace"
        let file = try TraceFile(path, now: clock())
        for event in try events() { file.take(event) }
        let unfinished = try TextFile.read(path)
        let values = try CanonicalJSON.decode(
            [TraceEvent].self, from: Array((unfinished + "]").utf8))
        #expect(values.map(\.name) == ["process_name", "hello", "gcc", "zlib"])
        try file.finish()
        let text = try TextFile.read(path)
        let all = try JSONDecoder().decode([TraceEvent].self, from: Data(text.utf8))
        #expect(all.map(\.args.result) == [nil, "built", "failed", "failed", "interrupted"])
        try GoldenFile("Trace.json").check(text)
    }

    /// No two spans of a lane overlap, and there are no more lanes than ran at once.
    @Test func lanesAreTight() throws {
        let samples = try (0..<50).map { try Sample("s-\($0)") }
        var lanes = TraceLanes()
        var spans: [TraceEvent] = []
        for (index, sample) in samples.enumerated() {
            spans += lanes.take(sample.started(), at: .seconds(index))
            if index >= 4 {
                let ended = try samples[index - 4].finished(0)
                spans += lanes.take(ended, at: .seconds(index) + .milliseconds(1))
            }
        }
        spans += lanes.end(at: .seconds(99))
        #expect(spans.count == samples.count)
        let byLane = Dictionary(grouping: spans) { $0.tid ?? 0 }
        #expect(byLane.keys.sorted() == [1, 2, 3, 4, 5])
        for spans in byLane.values {
            let sorted = spans.sorted { $0.ts ?? 0 < $1.ts ?? 0 }
            for (left, right) in zip(sorted, sorted.dropFirst()) {
                #expect((left.ts ?? 0) + (left.dur ?? 0) <= right.ts ?? 0)
            }
        }
    }

    @Test(arguments: ["/dev/full", "/nonexistent/file"])
    func failuresToWriteAreSaid(_ path: String) throws {
        func kind(_ body: () throws(BrambleError) -> Void) -> BrambleError.Kind? {
            do throws(BrambleError) {
                try body()
                return nil
            } catch {
                #expect("\(error)".contains(path))
                return error.kind
            }
        }
        let events = kind { () throws(BrambleError) in
            let file = try EventFile(path, now: clock())
            file.take(hello.reused)
            try file.finish()
        }
        let trace = kind { () throws(BrambleError) in
            let file = try TraceFile(path, now: clock())
            try file.finish()
        }
        #expect(events == .files)
        #expect(trace == .files)
    }

    @Test func numbersThatJSONLacksAreAFailure() throws {
        let file = try EventFile(folder.path + "/events", now: clock())
        file.take(zlib.fetched(1, of: .max))
        file.take(hello.reused)
        #expect(throws: BrambleError.self) { try file.finish() }
        let lines = try TextFile.read(folder.path + "/events").split(separator: "\n")
        #expect(lines.count == 2, "the others are there")
    }

    @Test func reports() throws {
        let name = try StoreName(hello.hash.description)
        let output = BuildReport.Output(
            output: .standard, path: StorePath(name), diskPath: "/store/\(name)")
        let derivation = BuildReport.Derivation(
            derivation: hello.hash, name: hello.name,
            outputs: [output])
        let report = BuildReport(targets: [
            .init(target: "./lib:hello", derivations: [derivation]),
            .init(target: nil, derivations: []),
        ])
        let json = try CanonicalJSON.encode(report)
        #expect(try CanonicalJSON.decode(BuildReport.self, from: json) == report)
        try GoldenFile("BuildReport.json").check(String(decoding: json, as: UTF8.self) + "\n")
    }
}
