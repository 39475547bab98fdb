import BrambleModel
import TestKit
import Testing

@testable import BrambleBuild

/// Fetching commits, from repositories on this machine.
@Suite struct FetchGitTests {
    /// A repository with two commits and a tag, whatever the user's configuration.
    struct Repository {
        let scratch: ScratchFolder
        let first: String
        let second: String

        var url: String { "file://\(scratch.path)/repository" }

        init(_ more: String = "true") throws {
            scratch = try ScratchFolder()
            let shell = Repository.shell(scratch.path)
            let outcome = try shell.run(
                """
                set -e
                git init -q -b main repository && cd repository
                mkdir bin && printf 'one\\n' >text && printf 'tool\\n' >bin/tool && chmod 755 bin/tool
                ln -s bin/tool alias
                printf '* text eol=crlf\\nhidden export-ignore\\ntext export-subst ident\\n' >.gitattributes
                printf '$Format:%%H$ $Id$\\n' >hidden
                git add . && git commit -q -m first && git tag v1 && git rev-parse HEAD
                printf 'two\\n' >text && \(more) && git add . && git commit -q -m second
                git rev-parse HEAD
                """)
            guard outcome.status == 0 else {
                throw SampleArchives.ScriptFailure(description: outcome.standardError)
            }
            let commits = outcome.standardOutput.split(separator: "\n").map(String.init)
            (first, second) = (commits[0], commits[1])
        }

        static func shell(_ folder: String) -> ShellCommand {
            ShellCommand(
                folder: folder,
                environment: [
                    "PATH=/usr/bin:/bin", "HOME=\(folder)", "GIT_CONFIG_NOSYSTEM=1",
                    "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a",
                    "GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE=2026-01-01T00:00:00Z",
                    "GIT_COMMITTER_DATE=2026-01-01T00:00:00Z",
                ])
        }
    }

    private func fetch(
        _ harness: FetchHarness, _ url: String, _ reference: String, pinned: String? = nil
    ) async throws -> FetchedGit {
        let fetch = try fetchGit(url, reference)
        return try await harness.with {
            try await $0.fetch(fetch, pinned: pinned, to: harness.output)
        }
    }

    @Test(arguments: ["main", "refs/heads/main", "HEAD"])
    func fetchesTheTreeOfABranch(reference: String) async throws {
        let repository = try Repository()
        let harness = try FetchHarness()
        let fetched = try await fetch(harness, repository.url, reference)
        #expect(fetched.commit == repository.second)
        #expect(fetched.reference == reference)
        try GoldenFile("git.txt").check(listing(harness.scratch.path))
        #expect(try fileBytes(harness.output + "/text") == Array("two\n".utf8))
        #expect(try fileBytes(harness.output + "/hidden") == Array("$Format:%H$ $Id$\n".utf8))
    }

    @Test func fetchesTagsAndCommits() async throws {
        let repository = try Repository()
        for reference in ["v1", "refs/tags/v1", repository.first] {
            let harness = try FetchHarness()
            let fetched = try await fetch(harness, repository.url, reference)
            #expect(fetched.commit == repository.first)
            #expect(try fileBytes(harness.output + "/text") == Array("one\n".utf8))
        }
    }

    @Test func thePinCountsMoreThanTheReference() async throws {
        let repository = try Repository()
        let harness = try FetchHarness()
        let fetched = try await fetch(harness, repository.url, "main", pinned: repository.first)
        #expect(fetched.commit == repository.first)
        #expect(try fileBytes(harness.output + "/text") == Array("one\n".utf8))
    }

    @Test func theUsersConfigurationHasNoSay() async throws {
        let repository = try Repository()
        let harness = try FetchHarness()
        try harness.scratch.write("[core]\n\tautocrlf = true\n[fetch]\n\tbroken", to: ".gitconfig")
        var changed = harness
        changed.options.environment["HOME"] = harness.scratch.path
        changed.options.environment["GIT_DIR"] = "/nonexistent"
        let fetched = try await fetch(changed, repository.url, "main")
        #expect(fetched.commit == repository.second)
    }

    @Test func linksOutOfTheTreeAreRefused() async throws {
        let repository = try Repository("ln -s ../../etc/passwd bin/out")
        let harness = try FetchHarness()
        await expectFailure(
            harness, repository.url, "main",
            """
            archive: cannot fetch `main` of `\(repository.url)`: the symbolic link `bin/out` leads \
            to `../../etc/passwd`, outside of the archive
            """)
        #expect(try listing(harness.scratch.path) == "")
    }

    @Test func whatIsNotThere() async throws {
        let repository = try Repository()
        let harness = try FetchHarness()
        await expectFailure(
            harness, repository.url, "missing",
            """
            git: cannot fetch `missing` of `\(repository.url)`: `git fetch` failed: fatal: couldn't \
            find remote ref missing
            hint: a reference is a branch, a tag, or all 40 digits of a commit
            """)
        let commit = String(repeating: "1", count: 40)
        await expectFailure(
            harness, repository.url, commit,
            """
            git: cannot fetch `\(commit)` of `\(repository.url)`: the repository has no commit \
            `\(commit)`
            """)
        #expect(try listing(harness.scratch.path) == "")
    }

    @Test func submodulesAreEmptyDirectories() async throws {
        let inner = try Repository()
        let repository = try Repository(
            "git -c protocol.file.allow=always submodule --quiet add \(inner.url) inner")
        let harness = try FetchHarness()
        _ = try await fetch(harness, repository.url, "main")
        #expect(try listing(harness.output + "/inner") == "")
    }

    @Test func offlineMeansNoNetwork() async throws {
        var harness = try FetchHarness()
        harness.options.isOffline = true
        await expectFailure(
            harness, "https://example.org/it", "main",
            """
            offline: cannot fetch `main` of `https://example.org/it`: the network may not be used
            hint: try again without `--offline`
            """)
    }

    private func expectFailure(
        _ harness: FetchHarness, _ url: String, _ reference: String, _ expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            let fetched = try await fetch(harness, url, reference)
            Issue.record("fetched \(fetched)", sourceLocation: sourceLocation)
        } catch let error as FetchError {
            #expect("\(error.code): \(error)" == expected, sourceLocation: sourceLocation)
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}
