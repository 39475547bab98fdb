import Glibc

/// Runs a program with our own standard streams and waits for it.
///
/// - Returns: Its exit status; nil if it could not be started or was killed.
func runProgram(_ path: String, _ arguments: [String]) -> Int32? {
    let texts = ([path] + arguments).map { strdup($0) }
    defer { for text in texts { free(text) } }
    var process: pid_t = 0
    guard posix_spawn(&process, path, nil, nil, texts + [nil], environ) == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 {
        guard errno == EINTR else { return nil }
    }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
}
