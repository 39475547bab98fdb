/// How the memory of a server is managed, which hundreds of clients make use of at once.
enum ServerMemory {
    /// Has the C library give blocks back to the system as soon as they are free (man 3 mallopt).
    ///
    /// By default it keeps more and more of them, up to 32 MiB each, in a heap for each thread. Measured with 200 clients
    /// that send messages of a mebibyte: 465 MB at most and 265 MB afterwards; with this, 270 and 77.
    static func giveBackEarly() {
        // Messages and parts of contents have mappings of their own; what is small, two heaps.
        _ = mallopt(Parameter.mappingThreshold, 64 << 10)
        _ = mallopt(Parameter.largestArenaCount, 2)
    }

    /// From malloc.h.
    private enum Parameter {
        static let mappingThreshold: Int32 = -3
        static let largestArenaCount: Int32 = -8
    }
}

/// man 3 mallopt. Its header is not a part of Swift's module of the library.
@_silgen_name("mallopt") private func mallopt(_ parameter: Int32, _ value: Int32) -> Int32
