import BrambleModel
import TestKit
import Testing

@testable import BrambleRemote

@Suite struct RemoteEndpointTests {
    @Test(arguments: [
        ("grpc://localhost:8980", "localhost", 8980, false, ""),
        ("grpcs://cache.example.org:443/team/main", "cache.example.org", 443, true, "team/main"),
        ("grpc://[::1]:1", "::1", 1, false, ""),
        ("grpcs://127.0.0.1:80", "127.0.0.1", 80, true, ""),
    ])
    func addresses(
        text: String, host: String, port: Int, usesTLS: Bool, instance: String
    ) throws {
        let endpoint = try RemoteEndpoint(text)
        #expect(endpoint.host == host && endpoint.port == port)
        #expect(endpoint.usesTLS == usesTLS && endpoint.instance == instance)
        #expect(endpoint.description == text)
    }

    @Test(arguments: [
        "", "localhost:8980", "http://localhost:8980", "grpc://localhost", "grpc://:80",
        "grpc://localhost:0", "grpc://localhost:65536", "grpc://::1:80", "grpc://host:80/blobs/x",
        "grpc://host:80/x/", "grpc://ho st:80",
    ])
    func whatIsNone(text: String) {
        #expect(throws: Fault.self) { try RemoteEndpoint(text) }
    }
}
