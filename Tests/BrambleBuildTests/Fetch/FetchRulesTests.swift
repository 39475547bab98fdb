import NIOHTTP1
import Testing

@testable import BrambleBuild

/// The rules that need no server: addresses, redirects, dates, waits, ranges.
@Suite struct FetchRulesTests {
    @Test(arguments: [
        ("http://h", "http://h/"), ("https://H:443/a?b#c", "https://h/a?b"),
        ("http://h:8080?x", "http://h:8080/?x"), ("http://[::1]:80/", "http://[::1]/"),
        ("HTTP://h/", "http://h/"), ("http://h:/", "http://h/"), ("http://u@h/", nil),
        ("http:///a", nil), ("http://h:0/", nil), ("http://h:99999/", nil), ("ftp://h/", nil),
        ("http:h", nil), ("h", nil), ("http://h/\u{e9}", nil), ("http://h/a b", nil),
        ("http://h\\x/", nil), ("http://h:8x/", nil),
    ])
    func addresses(text: String, address: String?) {
        #expect(HTTPAddress(text)?.text == address)
    }

    /// RFC 3986, 5.4: the examples with `http://a/b/c/d;p?q` that make sense for http.
    @Test(arguments: [
        ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
        ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q"), ("g#s", "/b/c/g"), (";x", "/b/c/;x"),
        ("", "/b/c/d;p?q"), (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"), ("../", "/b/"),
        ("../g", "/b/g"), ("../..", "/"), ("../../g", "/g"), ("../../../g", "/g"),
        ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."), ("..g", "/b/c/..g"),
        ("./g/.", "/b/c/g/"), ("g/../h", "/b/c/h"), ("g?y/../x", "/b/c/g?y/../x"),
    ])
    func references(location: String, target: String) throws {
        let base = try #require(HTTPAddress("http://a/b/c/d;p?q"))
        #expect(base.resolving(location)?.text == "http://a" + target)
    }

    @Test(arguments: [
        ("http://h/a", "https://x/y", "https://x/y"), ("https://h/a", "//x/y", "https://x/y"),
        ("http://h/a", "HTTP://X", "http://x/"),
        ("https://h/a", "/b?c", "https://h/b?c"),
        (
            "https://h/a", "http://h/b?secret",
            "`h` redirects from https to `http://h/b?…`, which anyone on the way could change"
        ),
        (
            "http://h/a", "ftp://h/",
            "`h` redirects to what is no plain URL of http or https"
        ),
        (
            "http://h/a", "javascript:x",
            "`h` redirects to what is no plain URL of http or https"
        ),
        (
            "http://h/a", "//user:password@h/",
            "`h` redirects to what is no plain URL of http or https"
        ),
        (
            "http://h/a", "/a\u{1b}b", "`h` redirects to what is no plain URL of http or https"
        ),
    ])
    func redirects(from: String, location: String, expected: String) throws {
        let address = try #require(HTTPAddress(from))
        do throws(FetchError) {
            #expect(try Redirect.next(from: address, location: location).text == expected)
        } catch {
            #expect(error.message == expected)
        }
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
        ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
        ("Sat, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil),
        ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
        ("Sun, 06 Nov 1994 24:49:37 GMT", nil), ("", nil),
    ])
    func dates(text: String, seconds: Int?) {
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test(arguments: [
        ("0", Duration.zero), ("120", .seconds(120)), ("-1", nil), ("1.5", nil), ("", nil),
        ("Thu, 01 Jan 1970 00:01:40 GMT", .zero), ("Thu, 01 Jan 1970 00:03:20 GMT", .seconds(100)),
        ("99999999999999999999", .seconds(Int.max)),
    ])
    func retryAfter(header: String, wait: Duration?) {
        #expect(RetryPolicy.retryAfter(header, now: 100) == wait)
    }

    @Test func waitsDoubleUpToALimit() {
        var policy = RetryPolicy.standard
        policy.attempts = 9
        policy.totalDelay = .seconds(1000)
        let delays = (1...9).map {
            policy.delay(afterAttempt: $0, retryAfter: nil, waited: .zero, jitter: 1)
        }
        let milliseconds = [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]
        #expect(delays == milliseconds.map { .milliseconds($0) } + [nil])
    }

    @Test(arguments: [
        (1, nil, 0, 0.0, 250), (1, nil, 0, 0.5, 375), (1, 3, 0, 1.0, 3000), (3, 1, 0, 1.0, 2000),
        (1, 120, 0, 1.0, 120_000), (1, 121, 0, 1.0, nil), (1, nil, 240, 0.0, nil),
        (2, 100, 139, 1.0, 100_000), (2, 100, 141, 1.0, nil), (6, nil, 0, 1.0, nil),
    ])
    func waits(attempt: Int, retryAfter: Int?, waited: Int, jitter: Double, expected: Int?) {
        let delay = RetryPolicy.standard.delay(
            afterAttempt: attempt, retryAfter: retryAfter.map { .seconds($0) },
            waited: .seconds(waited), jitter: jitter)
        #expect(delay == expected.map { .milliseconds($0) })
    }

    @Test(arguments: [
        ("bytes 0-9/10", ContentRange(start: 0, total: 10)),
        ("bytes 5-9/10", ContentRange(start: 5, total: 10)),
        ("bytes 5-9/*", ContentRange(start: 5, total: nil)), ("bytes 5-8/10", nil),
        ("bytes */10", nil), ("bytes 9-5/10", nil), ("bytes -5-9/10", nil), ("5-9/10", nil),
        ("bytes 5-9", nil), ("lines 5-9/10", nil), ("bytes a-b/c", nil),
    ])
    func contentRanges(text: String, range: ContentRange?) {
        #expect(ContentRange(parsing: text) == range)
    }

    @Test func validators() {
        func value(_ headers: [(String, String)]) -> String? {
            RangeValidator.value(HTTPHeaders(headers))
        }
        let old = "Sun, 06 Nov 1994 08:49:37 GMT"
        let late = "Sun, 06 Nov 1994 08:50:37 GMT"
        #expect(value([("ETag", "\"a\""), ("Last-Modified", old), ("Date", late)]) == "\"a\"")
        #expect(value([("ETag", "W/\"a\""), ("Last-Modified", old), ("Date", late)]) == old)
        #expect(value([("ETag", "W/\"a\"")]) == nil)
        #expect(value([("Last-Modified", old), ("Date", old)]) == nil)
        #expect(value([("Last-Modified", old)]) == nil)
        #expect(value([]) == nil)
    }

    @Test func throughputIsMeasuredInSpans() {
        var limits = FetchLimits.standard
        limits.slowBytes = 100
        limits.slowSpan = .seconds(10)
        let start = ContinuousClock.now
        var watch = ThroughputWatch(limits: limits, now: start)
        let table = [(1, 9, true), (99, 10, true), (99, 19, true), (0, 20, false)]
        for (count, seconds, expected) in table {
            let isEnough = watch.received(count, at: start + .seconds(seconds))
            #expect(isEnough == expected)
        }
    }
}
