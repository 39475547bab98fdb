import NIOCore
import NIOEmbedded
import Testing

@testable import BrambleRemote

/// Streams are held while what has come by them is not written.
struct UploadBacklogTests {
    /// Counts what gets through to the network.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = NIOAny
        typealias OutboundOut = NIOAny

        var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }

    private let backlog = UploadBacklog()
    private let reads = ReadCounter()
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers(reads, UploadGate(backlog))
    }

    private func change(by count: Int) {
        for _ in 0..<abs(count) {
            if count > 0 { backlog.begin() } else { backlog.end() }
        }
        channel.embeddedEventLoop.run()
    }

    @Test func streamsGoOnWhenThereIsLittle() throws {
        let most = UploadBacklog.most
        channel.read()
        change(by: most - 1)
        channel.read()
        #expect(reads.count == 2)
        change(by: 1)
        // However often it asks, it reads once.
        for _ in 0..<3 { channel.read() }
        #expect(reads.count == 2)
        // Not at once, or it would be held again at once.
        change(by: UploadBacklog.fewest + 1 - most)
        channel.read()
        #expect(reads.count == 2)
        change(by: -1)
        #expect(reads.count == 3)
        channel.read()
        #expect(reads.count == 4)
        #expect(try channel.finish().isClean)
    }

    @Test func streamsThatEndAreForgotten() throws {
        change(by: UploadBacklog.most)
        channel.read()
        #expect(try channel.finish().isClean)
        change(by: -UploadBacklog.most)
        #expect(reads.count == 0)
    }

    /// Whatever comes of a write, it is over.
    @Test func writesThatFailAreOver() async throws {
        for _ in 0..<UploadBacklog.most {
            await #expect(throws: CancellationError.self) {
                try await backlog.writing { throw CancellationError() }
            }
        }
        channel.read()
        #expect(reads.count == 1)
    }
}
