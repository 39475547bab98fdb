import Glibc

/// How much this process can do at once.
enum HostProcessors {
    /// The processors of the machine that are on (man 3 sysconf), at least one.
    static var count: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }
}
