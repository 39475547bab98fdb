internal import BrambleModel

/// Copies files into a bundle, each seen through a window of a fixed size, whatever its own.
struct BundledFile {
    let fileSystem: any FileSystem
    let rewriting: PrefixRewriting

    private let buffer: BlockBuffer

    /// - Parameter capacityBytes: Of the window, with its margins.
    init(
        _ fileSystem: any FileSystem, _ rewriting: PrefixRewriting,
        capacityBytes: Int = BlockBuffer.capacityBytes
    ) {
        precondition(capacityBytes > 2 * PrefixRewriting.marginBytes, "a window of margins only")
        self.fileSystem = fileSystem
        self.rewriting = rewriting
        buffer = BlockBuffer(capacityBytes: capacityBytes)
    }

    /// - Parameter isVerbatim: Whether nothing is to be replaced.
    /// - Returns: What was replaced and what was not, by offsets in the file.
    /// - Throws: `corrupt` if the file does not have that digest.
    func copy(
        _ source: Place, _ file: Directory.File, to target: Place, isVerbatim: Bool = false
    ) throws(StoreError) -> PrefixRewriting.Findings {
        let original = try fileSystem.open(source, .read)
        defer { fileSystem.close(original) }
        var copy = FileInTheMaking(fileSystem: fileSystem, target: target)
        defer { copy.close() }
        let size = file.digest.sizeBytes
        var hasher = ContentHasher()
        var all = PrefixRewriting.Findings()
        var start = 0
        while start < size {
            let end = min(size, start + buffer.bytes.count - 2 * PrefixRewriting.marginBytes)
            let first = max(0, start - PrefixRewriting.marginBytes)
            let window = try read(original, first..<min(size, end + PrefixRewriting.marginBytes))
            let core = start - first..<end - first
            let part = UnsafeMutableRawBufferPointer(rebasing: window[core])
            hasher.update(UnsafeRawBufferPointer(part))
            if !isVerbatim {
                let findings = rewriting.rewrite(window, core: core)
                all.replacedCount += findings.replacedCount
                all.remnants += findings.remnants.map { ($0.offset + first, $0.kind) }
            }
            try copy.write(part)
            start = end
        }
        guard hasher.digest == file.digest else {
            throw StoreError(.corrupt, "the file `\(source.path)` is damaged")
        }
        try copy.finishContent()
        try copy.finish(permissions: file.isExecutable ? 0o755 : 0o644)
        return all
    }

    private func read(
        _ descriptor: Descriptor, _ range: Range<Int>
    ) throws(StoreError) -> UnsafeMutableRawBufferPointer {
        let window = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<range.count])
        var filled = 0
        while filled < range.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: window[filled...])
            let count = try fileSystem.read(descriptor, into: rest, at: range.lowerBound + filled)
            guard count > 0 else { throw StoreError(.corrupt, "a file is shorter than it was") }
            filled += count
        }
        return window
    }
}
