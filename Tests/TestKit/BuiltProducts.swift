import Glibc

/// The executables of the package, as they were built with the tests.
public enum BuiltProducts {
    /// Where they are: beside the executable that runs the tests.
    ///
    /// - Throws: `POSIXFailure`.
    public static func folder() throws -> String {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw POSIXFailure(call: "realpath", number: errno)
        }
        defer { free(path) }
        let executable = String(cString: path)
        return String(executable[..<(executable.lastIndex(of: "/") ?? executable.startIndex)])
    }
}
