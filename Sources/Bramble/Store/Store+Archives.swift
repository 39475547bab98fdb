public import BrambleModel
import BrambleStore

extension Store {
    /// Writes objects, with all that they refer to, as one file.
    ///
    /// - Parameter write: Takes the next bytes.
    /// - Throws: `nothingMatched` if something of it is not there; what `write` throws.
    public func export(
        _ names: [StoreName], _ write: ([UInt8]) throws(BrambleError) -> Void
    ) throws(BrambleError) {
        var failure: BrambleError?
        do throws(StoreError) {
            try local.exportClosure(of: names) { (bytes) throws(StoreError) in
                do throws(BrambleError) {
                    try write(Array(bytes))
                } catch {
                    failure = error
                    throw StoreError(.system, "cannot write the archive")
                }
            }
        } catch {
            throw failure ?? BrambleError(error)
        }
    }

    /// Adds the objects of an archive.
    ///
    /// - Parameter read: Gives the next bytes, at most so many; none at the end.
    /// - Returns: Their names, each behind what it refers to.
    public func importArchive(
        _ read: (Int) throws(BrambleError) -> [UInt8]
    ) throws(BrambleError) -> [StoreName] {
        var failure: BrambleError?
        do throws(StoreError) {
            return try local.importArchive { (limit) throws(StoreError) in
                do throws(BrambleError) {
                    return try read(limit)
                } catch {
                    failure = error
                    throw StoreError(.system, "cannot read the archive")
                }
            }.map(\.name)
        } catch {
            throw failure ?? BrambleError(error)
        }
    }
}
