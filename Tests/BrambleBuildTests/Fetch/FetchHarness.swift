import BrambleModel
import Synchronization
import TestKit

@testable import BrambleBuild

/// Fetches with waits that take no time and are noted, into a folder of its own.
struct FetchHarness {
    let scratch: ScratchFolder
    var options: FetchOptions
    private let log = Log()

    private final class Log: Sendable {
        let delays = Mutex<[Duration]>([])
        let progress = Mutex<[String]>([])
    }

    init() throws {
        scratch = try ScratchFolder()
        options = .standard
        // Tests of other things run beside these, and keep all processors busy for minutes: that a
        // task had no turn meanwhile is no fault of the server's.
        options.limits.connectTimeout = .seconds(3_600)
        options.limits.idleTimeout = .seconds(3_600)
        options.limits.slowBytes = 0
        options.environment = ["PATH": "/usr/bin:/bin"]
    }

    /// How long it would have waited before each new try.
    var delays: [Duration] { log.delays.withLock { $0 } }
    /// What was reported: `bytes/total`.
    var progress: [String] { log.progress.withLock { $0 } }
    /// The path that is given for the output.
    var output: String { scratch.path + "/out" }

    /// Runs with a fetcher whose clock stands at the beginning of 2026, and whose jitter is 1.
    func with<Result>(_ body: (Fetcher) async throws -> Result) async throws -> Result {
        let log = log
        let clock = FetchClock(
            now: { 1_767_225_600 }, sleep: { delay in log.delays.withLock { $0.append(delay) } },
            jitter: { 1 })
        return try await Fetcher.with(options, clock: clock, folder: scratch.path, body)
    }

    /// Fetches a file.
    ///
    /// - Parameter variables: Besides `url`.
    func fetch(
        _ url: String, variables: [String: String] = [:], locked: ContentHash? = nil
    ) async throws -> FetchedURL {
        let fetch = try fetchURL(url, variables)
        return try await with { try await self.fetch(fetch, locked, with: $0) }
    }

    func fetch(
        _ fetch: Derivation.FetchURL, _ locked: ContentHash?, with fetcher: Fetcher,
        to output: String? = nil
    ) async throws -> FetchedURL {
        let log = log
        return try await fetcher.fetch(fetch, lockedHash: locked, to: output ?? self.output) {
            bytes, total in
            log.progress.withLock { $0.append("\(bytes)/\(total.map(String.init) ?? "?")") }
        }
    }

    /// The text of an error, and whether a folder is empty but for what the test put there.
    func failure(
        _ url: String, variables: [String: String] = [:], locked: ContentHash? = nil
    ) async throws -> String {
        do {
            let fetched = try await fetch(url, variables: variables, locked: locked)
            return "fetched \(fetched)"
        } catch let error as FetchError {
            return "\(error.code): \(error)"
        }
    }
}

/// What a derivation with such variables asks for.
func fetchURL(
    _ url: String, _ variables: [String: String] = [:]
) throws -> Derivation.FetchURL {
    guard case .fetchURL(let fetch) = try kind("fetch_url", variables.merging(["url": url]) { $1 })
    else { throw OtherKind() }
    return fetch
}

/// What a derivation with such variables asks for.
func fetchGit(_ url: String, _ reference: String) throws -> Derivation.FetchGit {
    guard case .fetchGit(let fetch) = try kind("fetch_git", ["url": url, "reference": reference])
    else { throw OtherKind() }
    return fetch
}

private func kind(_ builder: String, _ variables: [String: String]) throws -> Derivation.Kind {
    var fields = Derivation.Fields(name: try DerivationName("it"), builder: builder)
    fields.env = TextMap(variables.map { TextMap.Entry(name: $0.key, value: $0.value) })
    return try Derivation(fields).kind
}

private struct OtherKind: Error {}
