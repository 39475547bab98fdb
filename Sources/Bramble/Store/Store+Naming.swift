public import BrambleModel

extension Store {
    /// The object that a text names: a store name, a path below the store's prefix, or its path on
    /// this machine.
    ///
    /// - Throws: `usage` if it names none.
    public func objectName(_ text: String) throws(BrambleError) -> StoreName {
        let disk = folder + "/store/"
        var name = text[...]
        for prefix in [StorePath.prefix, disk] where text.hasPrefix(prefix) {
            name = text.dropFirst(prefix.count)
        }
        let first = name.split(separator: "/", maxSplits: 1).first ?? ""
        guard let found = try? StoreName(String(first)) else {
            throw BrambleError(
                .usage, "`\(text)` is no object of the store",
                hint: "write its name, 32 characters, or its path")
        }
        return found
    }
}
