package import BrambleModel
import Synchronization

/// Fetches what derivations with the builders `fetch_url` and `fetch_git` ask for.
///
/// It knows neither the store nor the lock file: it is told the hash or commit that is known, makes a
/// file or a directory where it is told to, and says what it found, for others to lock.
package final class Fetcher: Sendable {
    private let options: FetchOptions
    private let clock: FetchClock
    /// Where downloads lie until nobody needs them.
    private let folder: String
    private let transport: HTTPTransport
    private let downloads = SharedWork<Request, DownloadedFile>()
    private let nextNumber = Mutex(0)

    /// What makes two downloads the same.
    private struct Request: Hashable {
        let url: SourceURL
        let hash: ContentHash?
    }

    /// - Parameters:
    ///   - folder: A directory that is private to us; files in it are named `download-…`.
    ///   - body: May use the fetcher until it returns; then its connections are closed.
    package static func with<Result>(
        _ options: FetchOptions, clock: FetchClock, folder: String,
        _ body: (Fetcher) async throws -> Result
    ) async throws -> Result {
        let fetcher = Fetcher(options, clock, folder)
        do {
            let result = try await body(fetcher)
            try await fetcher.transport.close()
            return result
        } catch {
            // The first error says more than that a connection could not be closed.
            try? await fetcher.transport.close()
            throw error
        }
    }

    private init(_ options: FetchOptions, _ clock: FetchClock, _ folder: String) {
        self.options = options
        self.clock = clock
        self.folder = folder
        transport = HTTPTransport(limits: options.limits, proxies: options.proxies)
    }

    // MARK: fetch_url

    /// Fetches a file, and unpacks it if it is to be.
    ///
    /// The same file asked for at once is fetched once; `progress` is called for the first only.
    ///
    /// - Parameters:
    ///   - lockedHash: The hash that is known of the URL. One that the derivation itself has counts more.
    ///   - output: The path to make, which must not exist, in a directory that is private to us.
    /// - Throws: `FetchError`; `CancellationError`. Then nothing is at the path.
    package func fetch(
        _ fetch: Derivation.FetchURL, lockedHash: ContentHash?, to output: String,
        progress: @escaping FetchProgress
    ) async throws -> FetchedURL {
        try options.files.check(fetch.url)
        let request = Request(url: fetch.url, hash: fetch.hash ?? lockedHash)
        let file = try await downloads.value(for: request) {
            try await self.download(request, progress)
        }
        let isArchive =
            fetch.unpack ?? (!fetch.isExecutable && Fetcher.isArchive(fetch.url))
        if isArchive {
            try await unpack(file, fetch, to: output)
        } else {
            let mode: UInt32 = fetch.isExecutable ? 0o755 : 0o644
            try await onBlockingThread { _ in
                try LocalFile.copy(file.path, to: output, mode: mode)
            }
        }
        return FetchedURL(
            kind: isArchive ? .directory : .file(isExecutable: fetch.isExecutable),
            urlHash: URLHash(url: fetch.url, hash: file.hash), sizeBytes: file.sizeBytes,
            contentType: file.contentType, redirects: file.redirects)
    }

    private static func isArchive(_ url: SourceURL) -> Bool {
        URLPath.fileName(url.description).map(ArchiveExtension.isArchive) ?? false
    }

    private func unpack(
        _ file: DownloadedFile, _ fetch: Derivation.FetchURL, to output: String
    ) async throws {
        let limits = options.limits.unpacking
        do {
            try await onBlockingThread { isCancelled in
                try withoutActuallyEscaping(isCancelled) { isCancelled in
                    try Unpacking(
                        stripComponents: fetch.stripComponents, limits: limits,
                        isCancelled: isCancelled
                    ).unpack(file.path, into: output)
                }
            }
        } catch let error as FetchError {
            throw error.in("cannot unpack `\(fetch.url)`")
        }
    }

    /// Tries the places there are for a URL, one after the other.
    private func download(
        _ request: Request, _ progress: @escaping FetchProgress
    ) async throws -> DownloadedFile {
        let all = try options.mirrors.candidates(for: request.url, hash: request.hash)
        let usable = all.filter { !options.isOffline || $0.url.scheme == .file }
        var lastError = FetchError(
            .offline, "cannot fetch `\(request.url)`: the network may not be used",
            hint: "try again without `--offline`, or add a hashed mirror on this machine")
        for candidate in usable {
            do {
                return try await download(request, from: candidate, progress)
            } catch let error as FetchError {
                lastError = error
                // A wrong hash is final, except from a hashed mirror, whose only fault that is.
                if error.code == .hashMismatch, !candidate.isHashedMirror { throw error }
            }
        }
        if !usable.isEmpty, usable.count < all.count, usable.allSatisfy(\.isHashedMirror) {
            throw FetchError(
                .offline,
                "cannot fetch `\(request.url)`: the network may not be used, and no hashed mirror on "
                    + "this machine has it",
                hint: "try again without `--offline`")
        }
        throw lastError
    }

    private func download(
        _ request: Request, from candidate: Mirrors.Candidate, _ progress: @escaping FetchProgress
    ) async throws -> DownloadedFile {
        let number = nextNumber.withLock { number in
            number += 1
            return number
        }
        let file = try PartialFile(path: "\(folder)/download-\(number)")
        do {
            let description = try await receive(candidate.url, into: file, progress)
            if let expected = request.hash, file.hash != expected {
                throw HashMismatch(
                    url: candidate.url, expected: expected, actual: file.hash,
                    sizeBytes: file.sizeBytes, contentType: description.contentType,
                    redirects: description.redirects
                ).error
            }
            return DownloadedFile(
                file, contentType: description.contentType, redirects: description.redirects)
        } catch {
            file.remove()
            guard let error = error as? FetchError, error.code != .hashMismatch else { throw error }
            throw error.in("cannot fetch `\(candidate.url)`")
        }
    }

    private func receive(
        _ url: SourceURL, into file: PartialFile, _ progress: @escaping FetchProgress
    ) async throws -> Downloader.Description {
        if let path = URLPath.file(url.description) {
            let limits = options.limits
            try await onBlockingThread { isCancelled in
                try LocalFile.read(
                    path, into: file, limits: limits, progress: progress, isCancelled: isCancelled)
            }
            return Downloader.Description(contentType: nil, redirects: [])
        }
        guard let address = HTTPAddress(url.description) else {
            throw FetchError(.protocolViolation, "it is no URL that can be fetched")
        }
        return try await Downloader(
            transport: transport, credentials: CredentialSource(options), limits: options.limits,
            clock: clock, progress: progress
        ).download(address, into: file)
    }

    // MARK: fetch_git

    /// Fetches the tree of a commit.
    ///
    /// - Parameters:
    ///   - pinned: The commit that the reference is known to mean; nil to ask the repository.
    ///   - output: The path of the directory to make, which must not exist, in a directory that is
    ///     private to us. It has no `.git`.
    /// - Throws: `FetchError`; `CancellationError`. Then nothing is at the path.
    package func fetch(
        _ fetch: Derivation.FetchGit, pinned: String?, to output: String
    ) async throws -> FetchedGit {
        try options.files.check(fetch.url)
        let number = nextNumber.withLock { number in
            number += 1
            return number
        }
        let fetching = GitFetching(options: options, work: "\(folder)/git-\(number)")
        do {
            let commit = try await fetching.fetch(fetch, pinned: pinned, to: output)
            return FetchedGit(url: fetch.url, reference: fetch.reference, commit: commit)
        } catch let error as FetchError {
            throw error.in("cannot fetch \(quoted(fetch.reference)) of `\(fetch.url)`")
        }
    }
}

extension FetchError {
    /// The same with what was being done in front.
    func `in`(_ operation: String) -> FetchError {
        FetchError(
            code, "\(operation): \(message)", hint: hint, mismatch: mismatch, cause: cause)
    }
}
