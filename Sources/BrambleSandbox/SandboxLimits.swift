/// How much a command may use; nil is no limit beside the caller's own.
package struct SandboxLimits: Sendable, Hashable {
    /// How long it may run.
    package var timeout: Duration?
    /// How long it may run without writing to its log.
    package var silence: Duration?
    /// Bytes of memory that each of its processes may map (`RLIMIT_AS`).
    package var memoryBytes: Int?
    /// How many processes and threads there may be at once. For the host's root, at least 301, and on Linux
    /// before 6.14 not to be had at all: that is an error.
    package var processes: Int?
    /// Bytes that a single file may have; writing more gives `SIGXFSZ`.
    package var fileBytes: Int?
    /// Bytes on disk of all its writable mounts together, looked at now and then.
    package var outputBytes: Int?
    /// Bytes that it may write to its log.
    package var logBytes: Int?
    /// Bytes of memory that `/tmp`, `/dev/shm` and other scratch folders may take together.
    package var scratchBytes: Int

    /// No limits but one for scratch folders, which take memory.
    package init(scratchBytes: Int = SandboxLimits.usualScratchBytes) {
        self.scratchBytes = scratchBytes
    }

    /// 4 GiB: compilers with temporary files of that size are not known; a disk filler must not take the machine.
    package static let usualScratchBytes = 4 << 30
}
