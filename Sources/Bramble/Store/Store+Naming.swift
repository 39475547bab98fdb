public import BrambleModel
import BrambleStore

extension Store {
    /// The object that a text names: a store name, or the first characters of one; a path below the
    /// store's prefix; a path on this machine. What follows a slash behind the name does not matter.
    ///
    /// - Throws: `usage` if it names none, or several begin so; `nothingMatched` if none does.
    public func objectName(_ text: String) throws(BrambleError) -> StoreName {
        if let whole = objectName(ifWhole: text) { return whole }
        let start = parts(of: text).name
        guard start.utf8.count >= Store.shortestName, start.utf8.count < StoreName.length,
            start.utf8.allSatisfy(Store.isOfNames)
        else {
            throw BrambleError(
                .usage, "`\(text)` is no object of the store",
                hint: "write its name, 32 characters or the first of them, or its path")
        }
        let found = try BrambleError.storing { () throws(StoreError) in
            try local.objectNames(beginningWith: start, limit: Store.shownCandidates + 1)
        }
        guard let name = found.first else {
            throw BrambleError(.nothingMatched, "no object's name begins with `\(start)`")
        }
        guard found.count == 1 else {
            let shown = found.prefix(Store.shownCandidates).map { "`\($0)`" }
            let more = found.count > shown.count ? ["more"] : []
            throw BrambleError(
                .usage, "the names of several objects begin with `\(start)`",
                hint: "it may be " + (shown + more).joined(separator: ", or "))
        }
        return name
    }

    /// The object that a text names with a whole name, whether the store has it or not; nil if the
    /// text is something else, such as a target.
    public func objectName(ifWhole text: String) -> StoreName? {
        try? StoreName(parts(of: text).name)
    }

    /// The object that a text names, and the file in it; empty for the object itself.
    ///
    /// - Throws: As `objectName`.
    public func place(_ text: String) throws(BrambleError) -> (name: StoreName, file: String) {
        (try objectName(text), parts(of: text).file)
    }

    /// How many characters of a name must be given: fewer are more likely a mistake than a name.
    private static let shortestName = 4

    /// More candidates than this help nobody.
    private static let shownCandidates = 5

    private func parts(of text: String) -> (name: String, file: String) {
        var rest = text.utf8[...]
        for prefix in [StorePath.prefix, folder + "/store/"] where rest.starts(with: prefix.utf8) {
            rest = rest.dropFirst(prefix.utf8.count)
        }
        let slash = UInt8(ascii: "/")
        let name = rest.prefix { $0 != slash }
        let file = rest.dropFirst(name.count).drop { $0 == slash }
        return (String(decoding: name, as: UTF8.self), String(decoding: file, as: UTF8.self))
    }

    private static func isOfNames(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "2")...UInt8(ascii: "7")).contains(byte)
    }
}
