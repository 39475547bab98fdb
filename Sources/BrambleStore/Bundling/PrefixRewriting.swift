internal import BrambleModel
internal import Glibc

/// Puts another prefix in the place of the store's, length for length, and finds what it cannot
/// replace.
///
/// A file is seen in windows. What begins in the window's core is told; what begins in its margins
/// is replaced there as well, since a part of it may lie in the core, and told by the window next to
/// it. The store's prefix cannot overlap itself, so no two replacements meet.
struct PrefixRewriting: Sendable {
    struct Findings: Sendable {
        var replacedCount = 0
        /// Sorted by offset.
        var remnants: [(offset: Int, kind: BundleRemnant.Kind)] = []
    }

    /// Bytes beside the core that have to be seen: more than the longest text that is looked for.
    static let marginBytes = 128

    /// As long as `BundlePrefix.canonical`.
    let replacement: [UInt8]
    /// Of the bundled objects.
    let names: NameScanner

    /// The part of the prefix that nothing else is likely to hold.
    private static let kernel = Array("content-addressed-and-relocatable".utf8)
    private static let kernelOffset = "/bramble/".utf8.count
    /// The same in UTF-16, whichever byte comes first: without the zero before or behind it.
    private static let wideKernel = [UInt8](kernel.flatMap { [$0, 0] as [UInt8] }.dropLast())

    /// Replaces the prefix in a window.
    ///
    /// - Parameters:
    ///   - bytes: A part of a file as it was in the store.
    ///   - core: Of these, the ones that are not margin.
    /// - Returns: What begins in the core, by offsets in the bytes.
    func rewrite(_ bytes: UnsafeMutableRawBufferPointer, core: Range<Int>) -> Findings {
        let original = UnsafeRawBufferPointer(bytes)
        var findings = find(in: original, core)
        // Only when all of it is read may it be written to.
        for start in PrefixRewriting.prefixes(in: original) {
            UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).copyBytes(from: replacement)
            if core.contains(start) { findings.replacedCount += 1 }
        }
        return findings
    }

    /// Where a reference begins in bytes that can't be changed: the prefix in whatever part, or a
    /// name.
    func firstReference(in bytes: UnsafeRawBufferPointer) -> Int? {
        var first = PrefixRewriting.occurrences(of: PrefixRewriting.kernel, in: bytes).first
        names.scan(bytes) { offset, _ in
            first = min(first ?? offset, offset)
            return bytes.count
        }
        return first
    }

    private func find(in bytes: UnsafeRawBufferPointer, _ core: Range<Int>) -> Findings {
        var findings = Findings()
        func add(_ offset: Int, _ kind: BundleRemnant.Kind) {
            if core.contains(offset) { findings.remnants.append((offset, kind)) }
        }
        for offset in PrefixRewriting.occurrences(of: PrefixRewriting.kernel, in: bytes)
        where !PrefixRewriting.isPrefix(offset - PrefixRewriting.kernelOffset, in: bytes) {
            add(offset, .spelling)
        }
        for offset in PrefixRewriting.occurrences(of: PrefixRewriting.wideKernel, in: bytes) {
            add(offset, .utf16)
        }
        names.scan(bytes) { offset, _ in
            // Behind a slash it is a part of a path: one with the prefix, or a relative one, which
            // leads where it did.
            if offset == 0 || bytes[offset - 1] != UInt8(ascii: "/") { add(offset, .name) }
            return NameScanner.length
        }
        findings.remnants.sort { $0.offset < $1.offset }
        return findings
    }

    private static func prefixes(in bytes: UnsafeRawBufferPointer) -> [Int] {
        occurrences(of: kernel, in: bytes).map { $0 - kernelOffset }.filter {
            isPrefix($0, in: bytes)
        }
    }

    private static func isPrefix(_ start: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        let canonical = BundlePrefix.canonical
        guard start >= 0, start + canonical.count <= bytes.count else { return false }
        return bytes[start..<start + canonical.count].elementsEqual(canonical)
    }

    private static func occurrences(
        of text: [UInt8], in bytes: UnsafeRawBufferPointer
    ) -> [Int] {
        guard let start = bytes.baseAddress else { return [] }
        var offsets: [Int] = []
        var next = 0
        while next < bytes.count,
            let found = memmem(start + next, bytes.count - next, text, text.count)
        {
            let offset = UnsafeRawPointer(found) - start
            offsets.append(offset)
            next = offset + text.count
        }
        return offsets
    }
}

/// man 3 memmem. The headers show it to programs of GNU only, which Swift's module of them is not.
@_silgen_name("memmem") private func memmem(
    _ bytes: UnsafeRawPointer, _ count: Int, _ text: UnsafeRawPointer, _ textCount: Int
) -> UnsafeMutableRawPointer?
