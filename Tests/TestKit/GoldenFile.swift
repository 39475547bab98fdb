import FoundationEssentials

/// A file that holds what a test must produce, in the folder `Golden` beside the test.
///
/// Running the tests with `BRAMBLE_UPDATE_GOLDEN=1` in the environment rewrites the files instead
/// of comparing with them: the change of what users see is then part of the change under review.
public struct GoldenFile {
    /// How a text differs from its golden file.
    public struct Mismatch: Error, CustomStringConvertible {
        public let description: String

        init(description: String) {
            self.description = description
        }

        /// - Parameter firstLine: The line of the file that the expected text starts in, from 1.
        init(path: String, expected: String, actual: String, firstLine: Int = 1) {
            let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
            let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
            var index = 0
            while index < old.count && index < new.count && old[index] == new[index] { index += 1 }
            let shownOld = old[index..<min(index + 5, old.count)].map { "- \($0)" }
            let shownNew = new[index..<min(index + 5, new.count)].map { "+ \($0)" }
            let heading = "\(path):\(firstLine + index): differs"
            description = ([heading] + shownOld + shownNew).joined(separator: "\n")
        }
    }

    public let path: String

    /// - Parameter sourceFile: The test's file.
    public init(_ name: String, sourceFile: String = #filePath) {
        path = TextFile.path("Golden/" + name, beside: sourceFile)
    }

    /// Compares a text with the file.
    ///
    /// - Throws: `Mismatch`, with the first line that differs.
    public func check(_ actual: String) throws {
        if ProcessInfo.processInfo.environment["BRAMBLE_UPDATE_GOLDEN"] == "1" {
            try TextFile.write(actual, to: path)
            return
        }
        let expected: String
        do {
            expected = try TextFile.read(path)
        } catch {
            throw Mismatch(
                description: "cannot read \(path): \(error); "
                    + "run with BRAMBLE_UPDATE_GOLDEN=1 to make it")
        }
        if actual != expected {
            throw Mismatch(path: path, expected: expected, actual: actual)
        }
    }
}
