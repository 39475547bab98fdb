import BrambleModel
import BrambleREAPI
import BrambleStore
import SwiftProtobuf

/// The contents that an engine keeps, by digest (REAPI v2, `ContentAddressableStorage`). Every byte
/// that comes from it is checked against the digest it was asked for by.
struct RemoteCAS: Sendable {
    let connection: RemoteConnection
    let capabilities: RemoteCapabilities

    private var service: CASService.Client<Transport> {
        CASService.Client(wrapping: connection.client)
    }

    /// A digest in a message: a hash of 64 characters, a size, and the tags of both.
    private static let digestBytes = 96
    /// Digests in one question: each is answered by a look on some disk.
    private static let questionCount = 10_000

    // MARK: Asking

    /// Those of the digests whose contents are not there, in their order.
    func missing(_ digests: [Digest]) async throws(RemoteError) -> [Digest] {
        var missing: Set<Digest> = []
        for start in stride(from: 0, to: digests.count, by: RemoteCAS.questionCount) {
            let part = digests[start..<min(digests.count, start + RemoteCAS.questionCount)]
            var request = Build_Bazel_Remote_Execution_V2_FindMissingBlobsRequest()
            request.instanceName = connection.endpoint.instance
            request.blobDigests = part.map { DigestMessage($0) }
            let message = request
            let answer = try await connection.call("look for blobs") { attempt in
                try await service.findMissingBlobs(
                    message, metadata: attempt.metadata, options: attempt.options)
            }
            missing.formUnion(answer.missingBlobDigests.compactMap { Digest($0) })
        }
        return digests.filter(missing.contains)
    }

    // MARK: Small contents

    /// Digests that fit into one message with their contents.
    func batches(_ digests: [Digest]) -> [[Digest]] {
        var batches: [[Digest]] = []
        var batch: [Digest] = []
        var size = 0
        for digest in digests {
            let bytes = digest.sizeBytes + RemoteCAS.digestBytes
            if size + bytes > capabilities.batchBytes, !batch.isEmpty {
                batches.append(batch)
                batch = []
                size = 0
            }
            batch.append(digest)
            size += bytes
        }
        return batch.isEmpty ? batches : batches + [batch]
    }

    /// Whether a content fits into a message.
    func fits(_ digest: Digest) -> Bool {
        digest.sizeBytes + RemoteCAS.digestBytes <= capabilities.batchBytes
    }

    /// Contents that each fit into a message, in the order of their digests.
    ///
    /// - Throws: `notFound` if one of them is not there; `corrupt`.
    func read(_ digests: [Digest]) async throws(RemoteError) -> [[UInt8]] {
        var contents: [Digest: [UInt8]] = [Digest(of: []): []]
        let wanted = Set(digests).subtracting(contents.keys).sorted()
        for batch in batches(wanted.filter(fits)) {
            for (digest, bytes) in try await readBatch(batch) { contents[digest] = bytes }
        }
        for digest in wanted where !fits(digest) {
            contents[digest] = try await RemoteStream(cas: self).read(digest)
        }
        var result: [[UInt8]] = []
        for digest in digests {
            guard let bytes = contents[digest] else { throw lost(digest) }
            result.append(bytes)
        }
        return result
    }

    private func readBatch(_ digests: [Digest]) async throws(RemoteError) -> [(Digest, [UInt8])] {
        if digests.count == 1 { return [(digests[0], try await readOne(digests[0]))] }
        var request = Build_Bazel_Remote_Execution_V2_BatchReadBlobsRequest()
        request.instanceName = connection.endpoint.instance
        request.digests = digests.map { DigestMessage($0) }
        let message = request
        let answer: Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse
        do throws(RemoteError) {
            answer = try await connection.call("read blobs") { attempt in
                try await service.batchReadBlobs(
                    message, metadata: attempt.metadata, options: attempt.options)
            }
        } catch {
            guard error.code == .unsupported else { throw error }
            var contents: [(Digest, [UInt8])] = []
            for digest in digests { contents.append((digest, try await readOne(digest))) }
            return contents
        }
        var contents: [(Digest, [UInt8])] = []
        for part in answer.responses {
            guard let digest = Digest(part.digest) else { continue }
            guard part.status.code == 0 else {
                if part.status.code == 5 { throw lost(digest) }
                throw RemoteError(
                    .failed, "cannot read the blob `\(digest)`: \(part.status.message)")
            }
            let bytes = Array(part.data)
            guard Digest(of: bytes) == digest else { throw wrong(digest) }
            contents.append((digest, bytes))
        }
        return contents
    }

    private func readOne(_ digest: Digest) async throws(RemoteError) -> [UInt8] {
        try await RemoteStream(cas: self).read(digest)
    }

    /// Writes contents: those that fit into a message together, others as streams.
    func write(_ contents: [BlobContent]) async throws(RemoteError) {
        let known = Dictionary(contents.map { ($0.digest, $0) }) { first, _ in first }
        for content in known.values where !fits(content.digest) {
            try await RemoteStream(cas: self).write(content.digest) { offset, limit in
                Array(content.bytes[offset...].prefix(limit))
            }
        }
        for batch in batches(known.keys.filter(fits).sorted()) {
            var request = Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest()
            request.instanceName = connection.endpoint.instance
            request.requests = batch.compactMap { known[$0] }.map { content in
                var part = Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest.Request()
                part.digest = DigestMessage(content.digest)
                part.data = .init(content.bytes)
                return part
            }
            let message = request
            let answer = try await connection.call("write blobs") { attempt in
                try await service.batchUpdateBlobs(
                    message, metadata: attempt.metadata, options: attempt.options)
            }
            for part in answer.responses where part.status.code != 0 {
                throw RemoteError(
                    part.status.code == 8 ? .unreachable : .failed,
                    "cannot write a blob to `\(connection.endpoint)`: \(part.status.message)")
            }
        }
    }

    // MARK: Failures

    func lost(_ digest: Digest) -> RemoteError {
        RemoteError(.notFound, "`\(connection.endpoint)` does not have the blob `\(digest)`")
    }

    func wrong(_ digest: Digest) -> RemoteError {
        RemoteError(
            .corrupt, "`\(connection.endpoint)` has sent something else for the blob `\(digest)`")
    }
}
