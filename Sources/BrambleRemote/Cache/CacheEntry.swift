import BrambleModel
import BrambleREAPI
import BrambleStore
import SwiftProtobuf

/// Where a fact of ours is kept in an action cache (docs/remote.md, "Entries").
///
/// An action cache knows results by the digest of an action. So each fact has an action that nobody
/// runs: its command's arguments say what the fact is about, and its input root is empty. The
/// result's standard output is the fact, as JSON; its outputs are what the fact needs, so that a cache
/// that drops what is incomplete, as REAPI asks for, drops it too.
struct CacheEntry: Sendable {
    enum Subject: Sendable {
        case build(BuildKey)
        case object(StoreName)

        fileprivate var arguments: [String] {
            switch self {
            case .build(let key): ["bramble-cache/1", "build", key.description]
            case .object(let name): ["bramble-cache/1", "object", name.description]
            }
        }
    }

    /// The action and what it names, which have to be in the CAS as well.
    let contents: [BlobContent]
    /// Under which the result is known.
    let action: Digest

    init(_ subject: Subject) {
        var command = CommandMessage()
        command.arguments = subject.arguments
        let commandContent = BlobContent(message: command)
        let root = BlobContent([])
        var action = ActionMessage()
        action.commandDigest = DigestMessage(commandContent.digest)
        action.inputRootDigest = DigestMessage(root.digest)
        let actionContent = BlobContent(message: action)
        contents = [commandContent, root, actionContent]
        self.action = actionContent.digest
    }
}

extension BlobContent {
    /// A message as it is hashed: fields in the order of their numbers, defaults left out.
    init(message: some Message) {
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            preconditionFailure("a message that cannot be written")
        }
        self.init(bytes)
    }
}
