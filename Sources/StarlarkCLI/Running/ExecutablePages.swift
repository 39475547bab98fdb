import Glibc

/// The code of this executable, as far as it is in memory.
enum ExecutablePages {
    /// Gives it back to the kernel, the first time it is called: for every module that is loaded it would cost more than
    /// it is good for. What is needed further on comes again by itself, out of the page cache
    /// (man 2 madvise, `MADV_DONTNEED`): some microseconds in all.
    ///
    /// Starting and compiling touch code all over an executable that holds the whole standard library, and for each
    /// page that is touched the kernel brings its fifteen neighbours along. That is five megabytes, more than most
    /// programs need themselves; running one needs a tenth of them.
    static func giveBack() { _ = once }

    private static let once: Void = {
        let table = UnsafeBufferPointer(
            start: UnsafePointer<Elf64_Phdr>(bitPattern: getauxval(UInt(AT_PHDR))),
            count: Int(getauxval(UInt(AT_PHNUM))))
        // Where an executable lies that is not where it was linked to (elf(5), `PT_PHDR`).
        let own = table.first { $0.p_type == UInt32(PT_PHDR) }
        let offset = own.map { getauxval(UInt(AT_PHDR)) &- UInt($0.p_vaddr) } ?? 0
        let pageBytes = UInt(getpagesize())
        for segment in table
        where segment.p_type == UInt32(PT_LOAD) && segment.p_flags & UInt32(PF_W) == 0 {
            let start = offset &+ UInt(segment.p_vaddr)
            let first = start & ~(pageBytes - 1)
            // It is advice: if it is not taken, nothing is lost.
            _ = madvise(
                UnsafeMutableRawPointer(bitPattern: first),
                Int(start + UInt(segment.p_memsz) - first), MADV_DONTNEED)
        }
    }()
}

/// man 3 getauxval. Its header is not a part of Swift's module of the library.
@_silgen_name("getauxval") private func getauxval(_ type: UInt) -> UInt
