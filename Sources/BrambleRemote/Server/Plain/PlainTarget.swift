internal import BrambleModel
internal import NIOHTTP1

/// What a request of plain HTTP is about.
struct PlainTarget: Hashable, Sendable {
    enum Method: Hashable, Sendable {
        case read(wantsBody: Bool)
        case write
    }

    let kind: CacheKey.Kind
    let hash: ContentHash
    let method: Method

    /// - Throws: `PlainRefusal`.
    init(_ head: HTTPRequestHead) throws {
        let path = head.uri.prefix { $0 != "?" }
        let parts = path.split(separator: "/")
        guard parts.count >= 2, let hash = ContentHash(hex: parts[parts.count - 1].utf8),
            let kind = CacheKey.Kind.allCases.first(where: { $0.folder == parts[parts.count - 2] })
        else {
            throw PlainRefusal(
                .notFound, "there is nothing here but /cas/HASH and /ac/HASH, of SHA-256")
        }
        self.kind = kind
        self.hash = hash
        switch head.method {
        case .GET: method = .read(wantsBody: true)
        case .HEAD: method = .read(wantsBody: false)
        case .PUT: method = .write
        default:
            throw PlainRefusal(
                .methodNotAllowed, "only GET, HEAD and PUT", headers: ["allow": "GET, HEAD, PUT"])
        }
    }

    /// Any of these is enough.
    var roles: Set<Role> { method == .write ? [.write] : [.read, .execute] }
}

/// Why a request of plain HTTP is not answered as it was meant.
struct PlainRefusal: Error {
    let status: HTTPResponseStatus
    let text: String
    let headers: HTTPHeaders

    init(_ status: HTTPResponseStatus, _ text: String, headers: HTTPHeaders = [:]) {
        self.status = status
        self.text = text
        self.headers = headers
    }
}

/// A failure that has a status in HTTP.
protocol PlainRefusalConvertible: Error {
    var refusal: PlainRefusal { get }
}

extension CacheError: PlainRefusalConvertible {
    var refusal: PlainRefusal {
        switch code {
        case .notFound: PlainRefusal(.notFound, message)
        case .malformed: PlainRefusal(.badRequest, message)
        case .noRoom: PlainRefusal(.insufficientStorage, message)
        case .quota(let delay):
            PlainRefusal(
                .tooManyRequests, message,
                headers: ["retry-after": "\(delay.components.seconds + 1)"])
        case .damaged, .files: PlainRefusal(.internalServerError, message)
        }
    }
}

extension MissingBlobs: PlainRefusalConvertible {
    var refusal: PlainRefusal { PlainRefusal(.conflict, rpcErrorMessage) }
}

extension AccessRules.Refusal: PlainRefusalConvertible {
    var refusal: PlainRefusal {
        switch self {
        case .unknownCaller(let text):
            PlainRefusal(.unauthorized, text, headers: ["www-authenticate": "Bearer"])
        case .forbidden(let text): PlainRefusal(.forbidden, text)
        }
    }
}
