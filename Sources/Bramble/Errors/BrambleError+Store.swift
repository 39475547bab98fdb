import BrambleStore

extension BrambleError {
    init(_ error: StoreError) {
        let kind: Kind =
            switch error.code {
            case .notFound: .nothingMatched
            case .system, .database, .corrupt, .unsupported, .cycle, .incompatible, .malformed:
                .files
            }
        self.init(kind, error.message)
    }

    /// Runs what may fail for reasons of the store.
    static func storing<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(BrambleError) -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            throw BrambleError(error)
        }
    }
}
