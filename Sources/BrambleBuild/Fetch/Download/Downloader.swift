import AsyncHTTPClient
internal import BrambleModel
import NIOCore
import NIOHTTP1

/// So much of a file has come; the total is nil where nobody knows it.
package typealias FetchProgress = @Sendable (_ bytes: Int, _ total: Int?) -> Void

/// What a downloader is given from outside besides the network, so that tests need not wait.
package struct FetchClock: Sendable {
    /// Seconds since 1970.
    package var now: @Sendable () -> Int
    package var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 to 1.
    package var jitter: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Int,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        jitter: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.jitter = jitter
    }

    /// The machine's.
    package static let system = FetchClock(
        now: { HostMachine.secondsNow }, sleep: { try await Task.sleep(for: $0) },
        jitter: { Double.random(in: 0...1) })
}

/// Fetches one file from one URL of http or https: follows redirects, tries again, goes on where a
/// connection broke.
struct Downloader: Sendable {
    let transport: HTTPTransport
    let credentials: CredentialSource
    let limits: FetchLimits
    let clock: FetchClock
    let progress: FetchProgress

    /// What is known of a file beside its bytes.
    struct Description: Sendable {
        let contentType: String?
        let redirects: [String]
    }

    /// - Parameter file: Gets the bytes. What it holds after a failure means nothing.
    /// - Throws: `FetchError`, whose message is to be put behind "cannot fetch …: ".
    func download(_ address: HTTPAddress, into file: PartialFile) async throws -> Description {
        var waited = Duration.zero
        var attempt = 1
        var validator: String?
        while true {
            do {
                return try await self.attempt(address, file, &validator)
            } catch let failure as TransientFailure {
                let delay = limits.retries.delay(
                    afterAttempt: attempt, retryAfter: failure.retryAfter, waited: waited,
                    jitter: clock.jitter())
                guard let delay else { throw givenUp(failure.error, attempt) }
                if failure.startsOver { validator = nil }
                try await clock.sleep(delay)
                waited += delay
                attempt += 1
            }
        }
    }

    private func givenUp(_ error: FetchError, _ attempts: Int) -> FetchError {
        let tries = attempts == 1 ? "" : " (tried \(attempts) times)"
        return FetchError(error.code, error.message + tries, hint: error.hint, cause: error.cause)
    }

    /// One try: from the first request to the last byte.
    ///
    /// - Parameter validator: What the server knows the bytes by that the file has; nil if a rest
    ///   could not be asked for safely.
    private func attempt(
        _ start: HTTPAddress, _ file: PartialFile, _ validator: inout String?
    ) async throws -> Description {
        if validator == nil { try await onBlockingThread { _ in try file.restart() } }
        let (address, response, redirects) = try await follow(
            start, resumeAt: file.sizeBytes, validator)
        let range = ContentRange(response, askedFrom: file.sizeBytes)
        guard let range else {
            throw TransientFailure(
                "`\(address.authority)` sent another range than it was asked for", startsOver: true)
        }
        if range.start == 0 { try await onBlockingThread { _ in try file.restart() } }
        validator = RangeValidator.value(response.headers)
        try await receive(response, from: address, range, into: file)
        return Description(
            contentType: response.headers.first(name: "Content-Type"), redirects: redirects)
    }

    // MARK: Redirects

    private func follow(
        _ start: HTTPAddress, resumeAt offset: Int, _ validator: String?
    ) async throws -> (HTTPAddress, HTTPClientResponse, redirects: [String]) {
        var address = start
        var seen: [HTTPAddress] = [start]
        while true {
            var headers = HTTPHeaders()
            if let validator, offset > 0 {
                headers.add(name: "Range", value: "bytes=\(offset)-")
                headers.add(name: "If-Range", value: validator)
            }
            // Asked anew for each place: what is for one host never goes to another.
            if let value = try await credentials.authorization(for: address) {
                headers.add(name: "Authorization", value: value)
            }
            let response = try await transport.get(address, headers: headers)
            guard Downloader.redirects.contains(response.status.code) else {
                try check(response, address, isRange: offset > 0 && validator != nil)
                return (address, response, seen.dropFirst().map(\.shown))
            }
            let location = response.headers.first(name: "Location")
            address = try Redirect.next(from: address, location: location)
            guard !seen.contains(address) else {
                throw FetchError(.protocolViolation, "the redirects lead in a circle")
            }
            seen.append(address)
            guard seen.count - 1 <= limits.redirects else {
                throw FetchError(
                    .protocolViolation, "it is redirected more than \(limits.redirects) times")
            }
        }
    }

    private static let redirects: Set<UInt> = [301, 302, 303, 307, 308]
    /// What may be otherwise a moment later.
    private static let transient: Set<UInt> = [408, 425, 429, 500, 502, 503, 504]

    private func check(
        _ response: HTTPClientResponse, _ address: HTTPAddress, isRange: Bool
    ) throws {
        let status = response.status.code
        let answer = "`\(address.authority)` answered \(status)"
        switch status {
        case 200: return
        case 206 where isRange: return
        case 401, 403, 407:
            throw FetchError(
                .forbidden, answer,
                hint: "if it needs credentials, put them in a netrc file or a credential helper")
        case 404, 410: throw FetchError(.notFound, answer)
        case 416 where isRange:
            throw TransientFailure(
                "\(answer): what is there is shorter than what came before", startsOver: true)
        case _ where Downloader.transient.contains(status):
            let header = response.headers.first(name: "Retry-After")
            let wait = header.flatMap { RetryPolicy.retryAfter($0, now: clock.now()) }
            throw TransientFailure(answer, retryAfter: wait)
        default: throw FetchError(.protocolViolation, answer)
        }
    }

    // MARK: The body

    private func receive(
        _ response: HTTPClientResponse, from address: HTTPAddress, _ range: ContentRange,
        into file: PartialFile
    ) async throws {
        try checkSize(range.total ?? 0)
        var watch = ThroughputWatch(limits: limits, now: .now)
        var pending = ByteBuffer()
        do {
            for try await part in response.body {
                guard watch.received(part.readableBytes, at: .now) else {
                    throw TransientFailure("`\(address.authority)` sends too slowly")
                }
                pending.writeImmutableBuffer(part)
                if pending.readableBytes >= Downloader.blockBytes {
                    try await write(&pending, to: file, total: range.total)
                }
            }
        } catch let error where !(error is FetchError || error is TransientFailure) {
            // What came is kept, for the next try to go on from.
            try await write(&pending, to: file, total: range.total)
            throw try broken(error, file, range)
        }
        try await write(&pending, to: file, total: range.total)
        if let total = range.total, file.sizeBytes != total {
            throw TransientFailure("only \(file.sizeBytes) of \(total) bytes came")
        }
    }

    /// Enough for a write to be worth its call; also how often progress is reported.
    private static let blockBytes = 256 << 10

    private func broken(
        _ error: any Error, _ file: PartialFile, _ range: ContentRange
    ) throws -> TransientFailure {
        let isCancelled = error is CancellationError || error as? HTTPClientError == .cancelled
        if isCancelled || Task.isCancelled { throw CancellationError() }
        let total = range.total.map { " of \($0)" } ?? ""
        return TransientFailure(
            "the connection broke after \(file.sizeBytes)\(total) bytes: "
                + TransientFailure.reason(error),
            cause: error)
    }

    private func write(
        _ pending: inout ByteBuffer, to file: PartialFile, total: Int?
    ) async throws {
        try checkSize(file.sizeBytes + pending.readableBytes)
        let bytes = pending
        try await onBlockingThread { _ in try bytes.withUnsafeReadableBytes(file.append) }
        pending.clear()
        progress(file.sizeBytes, total)
    }

    private func checkSize(_ sizeBytes: Int) throws {
        guard sizeBytes <= limits.fileBytes else {
            throw FetchError(.limit, "it is larger than \(limits.fileBytes) bytes")
        }
    }
}
