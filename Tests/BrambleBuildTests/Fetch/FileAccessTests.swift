import BrambleModel
import FoundationEssentials
import TestKit
import Testing

@testable import BrambleBuild

/// Which files of this machine builds of others may fetch.
@Suite struct FileAccessTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let path: String
        let isAllowed: Bool
        var testDescription: String { path }
    }

    @Test(arguments: [
        Case(path: "/shown/file", isAllowed: true),
        Case(path: "/shown/deeper/file", isAllowed: true),
        Case(path: "/single", isAllowed: true),
        Case(path: "/sh%6fwn/file", isAllowed: true),
        Case(path: "/shown/../shown/file", isAllowed: true),
        Case(path: "/link-to-shown", isAllowed: true),
        Case(path: "/hidden", isAllowed: false),
        Case(path: "/shown-not/file", isAllowed: false),
        Case(path: "/shown/../hidden", isAllowed: false),
        Case(path: "/shown/%2e%2e/hidden", isAllowed: false),
        Case(path: "/shown/link-out", isAllowed: false),
        Case(path: "/shown/nothing", isAllowed: false),
    ])
    func files(row: Case) throws {
        let scratch = try ScratchFolder()
        for path in ["shown/file", "shown/deeper/file", "shown-not/file", "single", "hidden"] {
            try scratch.write("x", to: path)
        }
        let root = scratch.path
        for (link, target) in [("shown/link-out", "hidden"), ("link-to-shown", "shown/file")] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/\(link)", withDestinationPath: "\(root)/\(target)")
        }
        let access = FileAccess.below([root + "/shown", root + "/single", root + "/not-there"])
        let url = try SourceURL("file://\(root)\(row.path)")
        if row.isAllowed {
            try access.check(url)
        } else {
            let error = #expect(throws: FetchError.self) { try access.check(url) }
            #expect(error?.code == .forbidden)
        }
        try FileAccess.all.check(url)
    }

    @Test func otherURLs() throws {
        try FileAccess.below([]).check(try SourceURL("https://example.org/x"))
        try FileAccess.below(["/"]).check(try SourceURL("file:///usr"))
    }
}
