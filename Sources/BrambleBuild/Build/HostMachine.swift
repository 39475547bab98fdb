import Glibc

/// What is recorded of the machine that has built something.
enum HostMachine {
    /// The name that the machine has for itself (man 2 uname).
    static let name: String = {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &names.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }()

    static var secondsNow: Int { Int(time(nil)) }
}

extension Duration {
    var wholeMilliseconds: Int { Int(self / .milliseconds(1)) }
}
