/// What is looked for in files, and what for.
struct NameScan: Sendable {
    let scanner: NameScanner
    /// Numbers of the names that will be replaced by others. They are taken from left to right
    /// without overlaps; of the others it only matters whether they are there.
    let replaced: Range<Int>

    func hits(in bytes: UnsafeRawBufferPointer) -> [(offset: Int, name: Int)] {
        var hits: [(offset: Int, name: Int)] = []
        scanner.scan(bytes) { offset, name in
            hits.append((offset, name))
            return replaced.contains(name) ? NameScanner.length : 1
        }
        return hits
    }
}
