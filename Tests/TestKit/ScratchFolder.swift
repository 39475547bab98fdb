import FoundationEssentials
import Glibc

/// A new folder for one test, removed with everything in it when it is of no use any more.
public final class ScratchFolder: Sendable {
    /// The absolute path, without symbolic links.
    public let path: String

    public init() throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: "bramble-test-XXXXXX")
        var template = Array(parent.path.utf8CString)
        guard mkdtemp(&template) != nil, let real = realpath(template, nil) else {
            throw POSIXFailure(call: "mkdtemp", number: errno)
        }
        defer { free(real) }
        path = String(cString: real)
    }

    deinit {
        // A folder left behind is no reason to fail a test.
        if (try? FileManager.default.removeItem(atPath: path)) != nil { return }
        // Objects of a store are read-only, and not everybody who runs tests may remove such directories.
        _ = try? ShellCommand(folder: path, environment: ["PATH=/usr/bin:/bin"])
            .run("chmod -R u+w .")
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, and makes the folders it is in.
    public func write(_ text: String, to name: String) throws {
        try TextFile.write(text, to: path + "/" + name)
    }
}

/// A failed system call.
public struct POSIXFailure: Error, CustomStringConvertible {
    public let call: String
    public let number: Int32

    public init(call: String, number: Int32) {
        self.call = call
        self.number = number
    }

    public var description: String { "\(call): \(String(cString: strerror(number)))" }
}
