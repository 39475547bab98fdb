internal import BrambleModel
import Glibc

/// Fetches one commit into a temporary repository, and unpacks its tree.
///
/// The tree comes as a tar file (`git archive`) and goes through `Unpacking`, so that one set of rules
/// holds for all that comes from outside: no links that lead out, no names that differ by case only. Attributes
/// of the commit's own, which could change bytes or leave files out, are overruled. Submodules are
/// directories that are empty, as in a plain clone.
struct GitFetching: Sendable {
    let options: FetchOptions
    /// Where the repository and the tar file go for the while.
    let work: String

    /// Overrules `.gitattributes` files (man 5 gitattributes: this file has the highest precedence).
    private static let attributes =
        "* -text -eol -ident -filter -working-tree-encoding -export-ignore -export-subst\n"

    /// - Returns: The commit.
    func fetch(
        _ fetch: Derivation.FetchGit, pinned: String?, to output: String
    ) async throws -> String {
        guard !options.isOffline || fetch.url.scheme == .file else {
            throw FetchError(
                .offline, "the network may not be used", hint: "try again without `--offline`")
        }
        guard mkdir(work, 0o700) == 0 else { throw FetchError.systemCall("mkdir", work) }
        let outcome: Result<String, any Error>
        do {
            outcome = .success(try await fetchTree(fetch, pinned: pinned, to: output))
        } catch {
            outcome = .failure(error)
        }
        let work = work
        await evenIfCancelled { TreeRemoval.remove(work) }
        return try outcome.get()
    }

    private func fetchTree(
        _ fetch: Derivation.FetchGit, pinned: String?, to output: String
    ) async throws -> String {
        let urls = options.mirrors.rewritten(fetch.url.description)
        var lastError: (any Error)?
        for (index, text) in urls.enumerated() {
            let git = try await repository("\(work)/repository-\(index)", url: text)
            do {
                let commit = try await obtain(fetch.reference, pinned, from: text, git)
                try await unpack(commit, git, to: output)
                return commit
            } catch let error as FetchError {
                lastError = error
            }
        }
        throw lastError ?? FetchError(.git, "the mirrors of the configuration give no place for it")
    }

    private func repository(_ path: String, url: String) async throws -> GitCommand {
        let git = GitCommand(
            repository: path, outer: options.environment,
            configuration: try await credentials(for: url))
        try await git.succeed(["init", "--quiet", "--bare", "--template=", path])
        let attributes = Array(GitFetching.attributes.utf8)
        try await onBlockingThread { _ in
            guard mkdir("\(path)/info", 0o700) == 0 else {
                throw FetchError.systemCall("mkdir", "\(path)/info")
            }
            let file = try OpenFile(
                path: "\(path)/info/attributes", flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            try file.write(attributes)
        }
        return git
    }

    private func credentials(for url: String) async throws -> [(name: String, value: String)] {
        guard let address = HTTPAddress(url),
            let value = try await CredentialSource(options).authorization(for: address)
        else { return [] }
        // The header would go along to wherever we are sent.
        return [
            ("http.extraHeader", "Authorization: \(value)"), ("http.followRedirects", "false"),
        ]
    }

    /// Gets a commit into the repository.
    private func obtain(
        _ reference: String, _ pinned: String?, from url: String, _ git: GitCommand
    ) async throws -> String {
        let wanted = pinned ?? reference
        let isCommit = GitFetching.isCommit(wanted)
        let shallow = try await git.run(
            ["fetch", "--quiet", "--no-tags", "--depth=1", "--", url, wanted])
        if !shallow.isSuccess {
            guard isCommit else { throw GitFetching.failure(shallow.complaint) }
            // A server that gives branches and tags only: the commit may be in one of them.
            let whole = try await git.run(
                ["fetch", "--quiet", "--tags", "--", url, "+refs/*:refs/fetched/*"])
            guard whole.isSuccess else { throw GitFetching.failure(whole.complaint) }
        }
        let name = isCommit ? wanted : "FETCH_HEAD"
        let parsed = try await git.run(["rev-parse", "--verify", "--quiet", "\(name)^{commit}"])
        let commit = String(parsed.output.prefix { !$0.isNewline })
        guard parsed.isSuccess, GitFetching.isCommit(commit) else {
            throw FetchError(.git, "the repository has no commit \(quoted(wanted))")
        }
        guard pinned == nil || pinned == commit else {
            throw FetchError(.git, "the pin \(quoted(wanted)) is not the name of a commit")
        }
        return commit
    }

    private static func failure(_ complaint: String) -> FetchError {
        FetchError(
            .git, "`git fetch` failed: \(visible(complaint))",
            hint: "a reference is a branch, a tag, or all 40 digits of a commit")
    }

    /// Whether a text is the whole name of an object: 40 lower-case hexadecimal digits.
    static func isCommit(_ text: String) -> Bool {
        text.utf8.count == 40
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private func unpack(_ commit: String, _ git: GitCommand, to output: String) async throws {
        let archive = "\(git.repository)/tree.tar"
        try await git.succeed(["archive", "--format=tar", "--output=\(archive)", commit])
        let limits = options.limits.unpacking
        try await onBlockingThread { isCancelled in
            try withoutActuallyEscaping(isCancelled) { isCancelled in
                try Unpacking(stripComponents: 0, limits: limits, isCancelled: isCancelled)
                    .unpack(archive, into: output)
            }
        }
    }
}
