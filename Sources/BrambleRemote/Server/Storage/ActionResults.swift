internal import BrambleModel
internal import BrambleREAPI
internal import SwiftProtobuf

/// The results of actions, as files beside the blobs that they refer to.
///
/// Such a file is the SHA-256 of the message, 32 bytes, and the message: a result has no name that tells
/// whether it is whole.
struct ActionResults: Sendable {
    let folder: CacheFolder

    private static let hashBytes = 32

    /// - Parameter instance: What the client calls this server: each has its own results.
    /// - Returns: nil if there is no result of which all blobs are there.
    func find(_ action: ContentHash, instance: String) throws -> ActionResultMessage? {
        let key = ActionResults.key(action, instance)
        guard let result = try read(key) else { return nil }
        do {
            // What clients have written was checked when they did.
            let references = try ResultReferences(of: result, by: .server, in: folder)
            guard references.missing.isEmpty else {
                folder.drop(key)
                return nil
            }
        } catch let error as CacheError where error.code == .malformed {
            folder.drop(key)
            return nil
        }
        return result
    }

    /// - Throws: `MissingBlobs`; `malformed` if it names what no client should write to.
    func keep(
        _ result: ActionResultMessage, by author: ResultReferences.Author,
        of action: ContentHash, instance: String
    ) throws {
        let references = try ResultReferences(of: result, by: author, in: folder)
        guard references.missing.isEmpty else { throw MissingBlobs(digests: references.missing) }
        let message: [UInt8] = try result.serializedBytes()
        let file = try IncomingFile(in: folder)
        for part in [ContentHash(of: message).bytes, message] {
            try part.withUnsafeBytes { try file.write($0) }
        }
        try file.keep(as: ActionResults.key(action, instance))
    }

    private func read(_ key: CacheKey) throws -> ActionResultMessage? {
        do throws(CacheError) {
            let file = try folder.open(key)
            guard file.sizeBytes <= ServerLimits.structureBytes else { return nil }
            let bytes = try file.read(at: 0, limit: file.sizeBytes)
            let message = Array(bytes.dropFirst(ActionResults.hashBytes))
            if ContentHash(of: message).bytes == Array(bytes.prefix(ActionResults.hashBytes)),
                // Checked just now: only another version could have written what can't be read.
                let result = try? ActionResultMessage(serializedBytes: message)
            {
                return result
            }
        } catch {
            if error.code == .notFound { return nil }
            guard error.code == .damaged else { throw error }
        }
        folder.drop(key)
        return nil
    }

    private static func key(_ action: ContentHash, _ instance: String) -> CacheKey {
        let hash =
            instance.isEmpty
            ? action : ContentHash(of: Array("\(instance)\0\(action.hex)".utf8))
        return CacheKey(kind: .actionResult, hash: hash)
    }
}
