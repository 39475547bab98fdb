internal import BrambleModel
internal import BrambleREAPI
internal import NIOCore
internal import NIOHTTP1
internal import SwiftProtobuf

/// Plain HTTP: GET, HEAD and PUT of `/cas/HASH` and `/ac/HASH`, below any path.
struct PlainHandler: Sendable {
    /// What a connection brings, and whether all of the request that is being answered has come.
    struct Parts {
        private var iterator: NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
        private(set) var isAtEnd = false

        init(_ stream: NIOAsyncChannelInboundStream<HTTPServerRequestPart>) {
            iterator = stream.makeAsyncIterator()
        }

        @concurrent
        mutating func next() async throws -> HTTPServerRequestPart? {
            let part = try await iterator.next()
            if case .end = part { isAtEnd = true } else { isAtEnd = false }
            return part
        }
    }

    let folder: CacheFolder
    let results: ActionResults
    let threads: DiskThreads
    let quota: UploadQuota
    let rules: AccessRules

    /// What is read of a body that nobody wants, so that the client sees the answer.
    private static let unwantedBytes = 4 << 20

    /// Answers one request.
    ///
    /// - Returns: Whether another may follow on the connection.
    @concurrent
    func handle(
        _ head: HTTPRequestHead, peer: String, _ parts: inout Parts, _ answer: PlainAnswer
    ) async throws -> Bool {
        do {
            let target = try PlainTarget(head)
            let caller = try rules.check(
                authorization: head.headers.first(name: "authorization"), needed: target.roles)
            switch target.method {
            case .read(let wantsBody):
                guard try await drain(&parts) else { return false }
                return try await send(target, wantsBody: wantsBody, answer) && answer.keepsAlive
            case .write:
                if head.headers[canonicalForm: "expect"].contains("100-continue") {
                    try await answer.goOn()
                }
                try await receive(
                    target, head, caller ?? Caller(peer: "\(peer):"), &parts)
                try await answer.say(.ok, "kept")
                return answer.keepsAlive
            }
        } catch let error as PlainRefusal {
            return try await refuse(error, &parts, answer)
        } catch let error as any PlainRefusalConvertible {
            return try await refuse(error.refusal, &parts, answer)
        }
    }

    @concurrent
    private func refuse(
        _ refusal: PlainRefusal, _ parts: inout Parts, _ answer: PlainAnswer
    ) async throws -> Bool {
        try await answer.say(
            refusal.status, refusal.text, headers: refusal.headers, closes: true)
        _ = try await drain(&parts)
        return false
    }

    /// Reads what is left of a request.
    ///
    /// - Returns: Whether it has ended, within reason.
    @concurrent
    private func drain(_ parts: inout Parts) async throws -> Bool {
        if parts.isAtEnd { return true }
        var size = 0
        while let part = try await parts.next() {
            switch part {
            case .head: return false
            case .body(let buffer): size += buffer.readableBytes
            case .end: return true
            }
            if size > PlainHandler.unwantedBytes { return false }
        }
        return false
    }

    // MARK: - Reading

    /// - Returns: Whether all was sent.
    private func send(
        _ target: PlainTarget, wantsBody: Bool, _ answer: PlainAnswer
    ) async throws -> Bool {
        if target.kind == .actionResult {
            let bytes = try await threads.run { [results] () -> [UInt8]? in
                try results.find(target.hash, instance: "")?.serializedBytes()
            }
            guard let bytes else { throw PlainRefusal(.notFound, "there is no such result") }
            try await answer.begin(.ok, sizeBytes: bytes.count)
            if wantsBody { try await answer.write(bytes) }
            try await answer.end()
            return true
        }
        guard let size = folder.size(ofBlob: target.hash) else {
            throw PlainRefusal(.notFound, "there is no such blob")
        }
        let digest = Digest(hash: target.hash, sizeBytes: size)
        let reading = try await threads.run { [folder] in
            OutgoingBlob(
                file: size == 0 ? nil : try folder.openBlob(digest), digest: digest, offset: 0,
                end: size, encoder: nil)
        }
        try await answer.begin(.ok, sizeBytes: size)
        while wantsBody, let part = try await threads.run({ try reading.next() }) {
            if !part.isEmpty { try await answer.write(part) }
        }
        if reading.isDamaged {
            // The answer stays short, and the connection is closed: so the client knows.
            folder.drop(.blob(target.hash))
            return false
        }
        try await answer.end()
        return true
    }

    // MARK: - Writing

    @concurrent
    private func receive(
        _ target: PlainTarget, _ head: HTTPRequestHead, _ caller: Caller, _ parts: inout Parts
    ) async throws {
        let size = head.headers.first(name: "content-length").flatMap { Int($0) }
        switch target.kind {
        case .blob:
            let upload = try await threads.run { [folder] in
                try BlobUpload(folder, hash: target.hash, sizeBytes: size, isCompressed: false)
            }
            while let buffer = try await nextBody(&parts, caller) {
                try await threads.run {
                    try buffer.withUnsafeReadableBytes { try upload.append($0) }
                }
            }
            _ = try await threads.run { try upload.finish() }
        case .actionResult:
            var bytes: [UInt8] = []
            while let buffer = try await nextBody(&parts, caller) {
                bytes += buffer.readableBytesView
                guard bytes.count <= ServerLimits.messageBytes else {
                    throw PlainRefusal(.payloadTooLarge, "a result of more than 4 MiB")
                }
            }
            guard let result = try? ActionResultMessage(serializedBytes: bytes) else {
                throw PlainRefusal(.badRequest, "the body is no `ActionResult`")
            }
            try await threads.run { [results] in
                try results.keep(result, by: .client, of: target.hash, instance: "")
            }
        }
    }

    /// - Returns: The next bytes of the body; nil at its end.
    @concurrent
    private func nextBody(_ parts: inout Parts, _ caller: Caller) async throws -> ByteBuffer? {
        guard let part = try await parts.next() else { throw CancellationError() }
        switch part {
        case .body(let buffer):
            try quota.spend(buffer.readableBytes, caller)
            return buffer
        case .head, .end: return nil
        }
    }
}
