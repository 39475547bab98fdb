internal import BrambleBuild
package import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

// The messages of the build service by the names that its protocol uses.

package typealias BuildRequestMessage = Bramble_Build_V1_BuildRequest
package typealias BuildOptionsMessage = Bramble_Build_V1_BuildOptions
package typealias BuildUpdateMessage = Bramble_Build_V1_BuildUpdate
package typealias BuildResultMessage = Bramble_Build_V1_BuildResult
package typealias BuildService = Bramble_Build_V1_BuildService

/// More JSON, of an input or an output, is a blob: well below what a message may have.
let inlineJSONBytes = 1 << 20

extension BuildOptionsMessage {
    init(_ wishes: BuildOrder.Wishes) {
        self.init()
        keepGoing = wishes.keepsGoing
        rebuild = wishes.rebuilds
        checkCount = UInt32(clamping: wishes.checks)
        offline = wishes.isOffline
        if let duration = wishes.limits.timeout { timeout = .init(duration) }
        if let duration = wishes.limits.maximumSilence { silenceTimeout = .init(duration) }
        memoryLimitBytes = UInt64(clamping: wishes.limits.memoryBytes ?? 0)
        outputLimitBytes = UInt64(clamping: wishes.limits.outputBytes ?? 0)
    }
}

extension BuildOrder.Wishes {
    private static let maximumChecks = 100

    /// - Throws: `RequestError` for what makes no sense.
    init(_ message: BuildOptionsMessage) throws {
        self.init()
        keepsGoing = message.keepGoing
        rebuilds = message.rebuild
        isOffline = message.offline
        guard message.checkCount <= BuildOrder.Wishes.maximumChecks else {
            throw RequestError(
                .invalidArgument,
                "`check_count` is \(message.checkCount), and at most \(BuildOrder.Wishes.maximumChecks)"
            )
        }
        checks = Int(message.checkCount)
        if message.hasTimeout {
            limits.timeout = try Duration(positive: message.timeout, "timeout")
        }
        if message.hasSilenceTimeout {
            limits.maximumSilence = try Duration(
                positive: message.silenceTimeout, "silence_timeout")
        }
        limits.memoryBytes = try BuildOrder.Wishes.limit(
            message.memoryLimitBytes, "memory_limit_bytes")
        limits.outputBytes = try BuildOrder.Wishes.limit(
            message.outputLimitBytes, "output_limit_bytes")
    }

    private static func limit(_ value: UInt64, _ name: String) throws -> Int? {
        guard value > 0 else { return nil }
        guard let limit = Int(exactly: value) else {
            throw RequestError(.invalidArgument, "`\(name)` is more than any machine has")
        }
        return limit
    }
}

extension Duration {
    /// - Throws: `RequestError` unless it is positive, and at most a year.
    fileprivate init(positive message: Google_Protobuf_Duration, _ name: String) throws {
        let isWhole =
            (0...365 * 86_400).contains(message.seconds)
            && (0..<1_000_000_000).contains(message.nanos)
        guard isWhole, message.seconds > 0 || message.nanos > 0 else {
            throw RequestError(.invalidArgument, "`\(name)` is not between nothing and a year")
        }
        self = .seconds(message.seconds) + .nanoseconds(Int64(message.nanos))
    }
}

extension Google_Protobuf_Duration {
    fileprivate init(_ duration: Duration) {
        self.init()
        seconds = duration.components.seconds
        nanos = Int32(duration.components.attoseconds / 1_000_000_000)
    }
}
