import BrambleModel
import TestKit
import Testing

@testable import BrambleBuild

/// Mirrors, credentials, proxies, offline: what users configure.
@Suite struct FetchSettingsTests {
    typealias Answer = LoopbackServer.Answer

    private let text = Array("what is fetched\n".utf8)

    // MARK: Mirrors

    @Test func hashedMirrorsComeFirstAndTheirFailuresAreNoNews() async throws {
        var harness = try FetchHarness()
        let (text, hash) = (text, ContentHash(of: text))
        try harness.scratch.write("wrong bytes", to: "mirror/\(hash.hex)/it.bin")
        let mirror = try SourceURL("file://\(harness.scratch.path)/mirror")
        try await LoopbackServer.with { request, _ in
            request.target == "/it.bin" ? Answer("200 OK", body: text) : Answer("404 Not Found")
        } _: { server in
            harness.options.mirrors = Mirrors(
                rewritings: [], hashedBases: [mirror, try SourceURL(server.url("/hashed/"))])
            let harnessed = harness
            let locked = try await harnessed.fetch(server.url("/it.bin"), locked: hash)
            #expect(locked.urlHash.hash == hash)
            #expect(server.requests.map(\.target) == ["/hashed/\(hash.hex)/it.bin", "/it.bin"])
        }
    }

    @Test func aHashedMirrorOnThisMachineWorksOffline() async throws {
        var harness = try FetchHarness()
        let hash = ContentHash(of: text)
        try harness.scratch.write("what is fetched\n", to: "mirror/\(hash.hex)/a b.bin")
        harness.options.isOffline = true
        harness.options.mirrors = Mirrors(
            rewritings: [],
            hashedBases: [try SourceURL("file://\(harness.scratch.path)/mirror/")])
        let fetched = try await harness.fetch("https://example.org/x/a%20b.bin", locked: hash)
        #expect(fetched.urlHash.url.description == "https://example.org/x/a%20b.bin")
        #expect(try fileBytes(harness.output) == text)
    }

    @Test func prefixesAreRewrittenByTheLongestRule() {
        let mirrors = Mirrors(
            rewritings: [
                .init(prefix: "https://a.org/", replacements: ["http://mirror/a/"]),
                .init(prefix: "https://a.org/b/", replacements: ["http://one/", "http://two/"]),
            ], hashedBases: [])
        let table = [
            "https://a.org/x": ["http://mirror/a/x"],
            "https://a.org/b/x": ["http://one/x", "http://two/x"],
            "https://a.organic/": ["https://a.organic/"],
            "http://a.org/x": ["http://a.org/x"],
        ]
        for (url, expected) in table { #expect(mirrors.rewritten(url) == expected) }
    }

    @Test func rewrittenURLsAreLockedUnderTheirOwnName() async throws {
        var harness = try FetchHarness()
        let text = text
        try await LoopbackServer.with { _, number in
            number == 0 ? Answer("404 Not Found") : Answer("200 OK", body: text)
        } _: { server in
            harness.options.mirrors = Mirrors(
                rewritings: [
                    .init(
                        prefix: "https://example.org/",
                        replacements: [server.url("/one/"), server.url("/two/")])
                ], hashedBases: [])
            let harnessed = harness
            let fetched = try await harnessed.fetch("https://example.org/it")
            #expect(fetched.urlHash.url.description == "https://example.org/it")
            #expect(server.requests.map(\.target) == ["/one/it", "/two/it"])
        }
    }

    @Test(arguments: [
        ("https://h/a/it.bin", "it.bin"), ("https://h/it?x=/y", "it"), ("https://h/a/", nil),
        ("https://h", nil), ("https://h/a/..", nil), ("https://h/%2e%2e", nil),
        ("https://h/a%2Fb", nil), ("https://h/a%00b", nil), ("https://h/a%2", nil),
        ("https://h/a%20b", "a%20b"), ("file:///d/it", "it"),
    ])
    func fileNamesForHashedMirrors(url: String, name: String?) {
        #expect(URLPath.fileName(url) == name)
    }

    // MARK: Offline, files

    @Test func offlineMeansNoNetwork() async throws {
        var harness = try FetchHarness()
        harness.options.isOffline = true
        let failure = try await harness.failure("https://example.org/it")
        #expect(
            failure == """
                offline: cannot fetch `https://example.org/it`: the network may not be used
                hint: try again without `--offline`, or add a hashed mirror on this machine
                """)
        harness.options.mirrors = Mirrors(
            rewritings: [], hashedBases: [try SourceURL("file:///nonexistent")])
        let failure2 = try await harness.failure(
            "https://example.org/it", locked: ContentHash(of: []))
        #expect(
            failure2 == """
                offline: cannot fetch `https://example.org/it`: the network may not be used, and no \
                hashed mirror on this machine has it
                hint: try again without `--offline`
                """)
    }

    @Test func fileURLs() async throws {
        var harness = try FetchHarness()
        harness.options.isOffline = true
        try harness.scratch.write("what is fetched\n", to: "a b")
        let url = "file://\(harness.scratch.path)/a%20b"
        #expect(try await harness.fetch(url).urlHash.hash == ContentHash(of: text))
        let failure3 = try await harness.failure("file:///nonexistent/it")
        #expect(
            failure3 == """
                notFound: cannot fetch `file:///nonexistent/it`: there is no file `/nonexistent/it`
                """)
        let failure4 = try await harness.failure("file:///tmp")
        #expect(
            failure4 == """
                files: cannot fetch `file:///tmp`: `/tmp` is no regular file
                """)
    }

    // MARK: Credentials

    @Test func credentialsGoToTheirHostOnly() async throws {
        var harness = try FetchHarness()
        harness.options.netrc = Netrc(
            parsing: "machine 127.0.0.1 login me password secret\ndefault login you password all")
        let text = text
        try await LoopbackServer.with { _, _ in
            Answer("200 OK", body: text)
        } _: { other in
            let location = "Location: http://localhost:\(other.port)/it"
            try await LoopbackServer.with { _, _ in
                Answer("302 Found", headers: [location])
            } _: { server in
                let harnessed = harness
                _ = try await harnessed.fetch(server.url("/it"))
                #expect(
                    server.requests[0].headers["authorization"] == "Basic bWU6c2VjcmV0")
                #expect(other.requests[0].headers["authorization"] == nil)
            }
        }
    }

    @Test func aHelperIsAskedAsGitAsks() async throws {
        var harness = try FetchHarness()
        let helper = "#!/bin/sh\ncat >\"${0%/*}/asked\"; echo username=me; echo password=p=w\n"
        try harness.scratch.write(helper, to: "helper")
        harness.options.credentialHelper = CredentialHelper(
            program: "sh", arguments: [harness.scratch.path + "/helper"])
        let text = text
        try await LoopbackServer.with { _, _ in
            Answer("200 OK", body: text)
        } _: { server in
            let harnessed = harness
            _ = try await harnessed.fetch(server.url("/it"))
            #expect(server.requests[0].headers["authorization"] == "Basic bWU6cD13")
            let asked = try fileBytes(harness.scratch.path + "/asked")
            #expect(
                String(decoding: asked, as: UTF8.self)
                    == "protocol=http\nhost=127.0.0.1:\(server.port)\n\n")
        }
    }

    @Test func credentialsAreNotSentInTheClear() async throws {
        var options = FetchOptions.standard
        options.netrc = Netrc(parsing: "machine example.org login a password b")
        let source = CredentialSource(options)
        let plain = try #require(HTTPAddress("http://example.org/"))
        let secure = try #require(HTTPAddress("https://example.org/"))
        #expect(try await source.authorization(for: plain) == nil)
        #expect(try await source.authorization(for: secure) == "Basic YTpi")
    }

    @Test func credentialsDoNotShow() {
        let credential = Credential(user: "name", password: "secret")
        for text in ["\(credential)", String(reflecting: credential), dumped(credential)] {
            #expect(!text.contains("secret"))
        }
    }

    private func dumped(_ value: Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }

    @Test(arguments: [
        ("machine h login a password b", "a b"), ("machine H\n\tlogin a\n\tpassword b\n", "a b"),
        ("machine h password b login a account c", "a b"), ("machine x login a password b", nil),
        ("default login a password b", nil), ("machine h", " "),
        ("machine h login a password b machine h login c password d", "a b"),
        ("# machine h login x\nmachine h login a password \"b \\\"c\"", "a b \"c"),
        ("macdef init\nmachine h login x\n\nmachine h login a password b", "a b"), ("", nil),
        ("machine", nil), ("machine h login", " "),
    ])
    func netrcFiles(text: String, credential: String?) {
        let found = Netrc(parsing: text).credential(forHost: "h")
        #expect(found.map { "\($0.user) \($0.password)" } == credential)
    }

    @Test(arguments: [
        ("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("a~?", "YX4/"),
        ("\u{ff}", "w78="),
    ])
    func base64Texts(text: String, encoded: String) {
        #expect(base64(Array(text.utf8)) == encoded)
    }

    // MARK: Proxies

    @Test func requestsGoThroughTheProxy() async throws {
        var harness = try FetchHarness()
        let text = text
        try await LoopbackServer.with { request, _ in
            request.method == "CONNECT"
                ? Answer(raw: "HTTP/1.1 200 OK\r\n\r\n", end: .silence)
                : Answer("200 OK", body: text)
        } _: { server in
            harness.options.proxies = try ProxySettings(environment: [
                "http_proxy": "http://me:pass%20word@127.0.0.1:\(server.port)"
            ])
            let harnessed = harness
            _ = try await harnessed.fetch("http://example.invalid/it")
            #expect(server.requests.map(\.target) == ["example.invalid:80", "/it"])
            let authorization = server.requests.map { $0.headers["proxy-authorization"] }
            #expect(authorization == ["Basic bWU6cGFzcyB3b3Jk", nil])
        }
    }

    @Test(arguments: [
        ("http://a.org/", "plain"), ("https://a.org/", "secure"), ("http://direct.org/", nil),
        ("http://sub.direct.org/", nil), ("http://indirect.org/", "plain"),
        ("https://ported.org:8443/", nil), ("https://ported.org/", "secure"),
        ("http://127.0.0.1:9/", nil),
    ])
    func noProxyNamesHostsAndWhatIsBelow(url: String, host: String?) throws {
        let settings = try ProxySettings(environment: [
            "http_proxy": "plain:1", "HTTP_PROXY": "wrong:1", "HTTPS_PROXY": "http://secure:2/",
            "no_proxy": ".direct.org, ported.org:8443,127.0.0.1",
        ])
        let address = try #require(HTTPAddress(url))
        #expect(settings.proxy(for: address)?.host == host)
    }

    @Test func proxiesOfOtherKindsAreRefusedWithoutShowingThem() {
        let error = #expect(throws: FetchError.self) {
            try ProxySettings(environment: ["all_proxy": "socks5://me:secret@host:1"])
        }
        #expect(
            error?.description == """
                cannot use the proxy in the variable `all_proxy`
                hint: write `http://host:port`; proxies of other kinds are not supported
                """)
    }
}
