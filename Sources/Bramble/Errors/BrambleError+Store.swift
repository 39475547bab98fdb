import BrambleStore
import Glibc

extension BrambleError {
    init(_ error: StoreError) {
        let kind: Kind =
            switch error.code {
            case .notFound: .nothingMatched
            case .system, .database, .indexLost, .corrupt, .unsupported, .cycle, .incompatible,
                .malformed:
                .files
            case .unreachable: .remote
            case .forbidden: .notAuthorised
            }
        self.init(kind, error.message, hint: BrambleError.hint(error))
    }

    /// What to do about a failure of the store, where that can be said.
    static func hint(_ error: StoreError) -> String? {
        switch error.code {
        case .indexLost: "`bramble store reindex` makes the index anew from the objects"
        case .system where [EROFS, EACCES, EPERM].contains(error.errorNumber):
            "the store must be yours, and writable: set `BRAMBLE_HOME` to such a folder"
        case .incompatible where error.cause is ForeignStore:
            "run `bramble` as that user, or set `BRAMBLE_HOME` to a folder of your own"
        case .system where [ENOSPC, EDQUOT].contains(error.errorNumber):
            "`bramble gc` removes what is not needed"
        default: nil
        }
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
