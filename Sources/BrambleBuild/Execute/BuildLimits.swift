/// How much a build of one derivation may take. None of it is a part of the build's key: it says when
/// to give up, not what comes out.
package struct BuildLimits: Hashable, Sendable {
    /// How long a builder may run; nil for as long as it likes.
    package var timeout: Duration?
    /// How long a builder may run without writing to its log.
    package var maximumSilence: Duration?
    /// Bytes of memory that each process of a builder may map.
    package var memoryBytes: Int?
    /// Bytes that a builder's outputs and its folder may take together.
    package var outputBytes: Int?
    /// Bytes that a builder may write to its log.
    package var logBytes: Int

    package init(logBytes: Int = BuildLimits.usualLogBytes) {
        self.logBytes = logBytes
    }

    /// 256 MiB: the longest log of a real build that is known has a tenth of it.
    package static let usualLogBytes = 256 << 20
}
