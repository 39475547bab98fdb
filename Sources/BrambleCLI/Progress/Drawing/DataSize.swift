/// A number of bytes for people to read: `812 B`, `34.1 kB`, `120 MB`, in powers of ten.
struct DataSize: CustomStringConvertible {
    private static let units = ["kB", "MB", "GB", "TB", "PB", "EB"]

    let bytes: Int

    /// Three digits at least; what follows is cut off.
    var description: String {
        guard bytes >= 1_000 else { return "\(max(bytes, 0)) B" }
        var (scale, unit) = (1_000, 0)
        while bytes / scale >= 1_000, unit < DataSize.units.count - 1 {
            scale *= 1_000
            unit += 1
        }
        let whole = bytes / scale
        let tenth = bytes % scale / (scale / 10)
        return (whole < 100 ? "\(whole).\(tenth) " : "\(whole) ") + DataSize.units[unit]
    }
}
