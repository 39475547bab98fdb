package import BrambleModel
import BrambleREAPI
package import BrambleStore

/// A cache of any Remote Execution API server as a store: contents in its CAS, objects and builds in
/// its action cache.
package final class RemoteStore: EntryStore {
    let connection: RemoteConnection
    let cas: RemoteCAS
    package let memo: EntryMemo
    private let actions: RemoteActionCache

    /// - Throws: `unreachable`, `forbidden`.
    package init(
        _ connection: RemoteConnection, signing: SigningKey?, trusted: [TrustedKey]?
    ) async throws(StoreError) {
        self.connection = connection
        memo = EntryMemo(signing: signing, trusted: trusted)
        actions = RemoteActionCache(connection: connection)
        do throws(RemoteError) {
            cas = RemoteCAS(
                connection: connection, capabilities: try await connection.capabilities())
        } catch {
            throw StoreError(error)
        }
    }

    package var placeName: String { "\(connection.endpoint)" }

    // MARK: Entries

    package func result(of action: Digest) async throws(StoreError) -> ActionResultMessage? {
        try await RemoteStore.storing { () throws(RemoteError) in try await actions.find(action) }
    }

    package func keep(_ result: ActionResultMessage, of action: Digest) async throws(StoreError) {
        try await RemoteStore.storing { () throws(RemoteError) in
            try await actions.update(action, result)
        }
    }

    package func addContents(_ contents: [BlobContent]) async throws(StoreError) {
        try await RemoteStore.storing { () throws(RemoteError) in try await cas.write(contents) }
    }
}
