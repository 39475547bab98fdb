internal import BrambleBuild
internal import BrambleModel
internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// A build as a client asks for it: its message read, and all in it checked.
struct BuildDemand: Sendable {
    let input: BuildInput
    let wishes: BuildOrder.Wishes
    let sources: SourceStage
    /// Where results go.
    let cache: CacheStore

    /// - Throws: `MissingBlobs`, `RequestError`, `CacheError`.
    init(
        _ request: BuildRequestMessage, in folder: CacheFolder, _ threads: DiskThreads
    ) throws {
        wishes = try BuildOrder.Wishes(request.options)
        input = try BuildDemand.input(of: request, in: folder)
        cache = CacheStore(
            ActionResults(folder: folder), instance: request.instanceName, threads)
        sources = try SourceStage(input, in: folder, cache)
    }

    private static func input(
        of request: BuildRequestMessage, in folder: CacheFolder
    ) throws -> BuildInput {
        let input: BuildInput
        do {
            input = try CanonicalJSON.decode(
                BuildInput.self, from: try json(of: request, in: folder),
                limits: GraphLimits.default.text)
        } catch let error as ValidationError {
            throw RequestError(.invalidArgument, "the input of the build: \(error)")
        }
        try checkSources(of: input)
        return input
    }

    private static func json(
        of request: BuildRequestMessage, in folder: CacheFolder
    ) throws -> [UInt8] {
        switch request.input {
        case .inputJson(let bytes): return Array(bytes)
        case .inputDigest(let text):
            guard let digest = try? Digest(text) else {
                throw RequestError(
                    .invalidArgument,
                    "the digest of the input, `\(text.prefix(100))`, is none: write a SHA-256 in "
                        + "lower-case hexadecimal digits, `/`, and a size")
            }
            guard digest.sizeBytes <= GraphLimits.default.text.bytes else {
                throw RequestError(
                    .invalidArgument,
                    "the input has more than \(GraphLimits.default.text.bytes) bytes")
            }
            guard folder.missing([digest]).isEmpty else { throw MissingBlobs(digests: [digest]) }
            return try folder.readBlob(digest)
        case nil: throw RequestError(.invalidArgument, "the request has no input")
        }
    }

    /// Without the contents, a derivation would be built as if it had no sources.
    private static func checkSources(of input: BuildInput) throws {
        let known = Set(input.sources.map(\.derivation))
        let needed = try input.graph.closure(of: input.wanted)
        for derivation in needed.derivations
        where derivation.sources != nil && !known.contains(derivation.hash) {
            throw RequestError(
                .invalidArgument,
                "the input of the build: $.sources: there is no tree for the sources of "
                    + "`\(derivation.name)`, \(derivation.hash)")
        }
    }
}
