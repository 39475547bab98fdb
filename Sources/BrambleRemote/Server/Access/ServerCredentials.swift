internal import GRPCNIOTransportHTTP2
internal import NIOSSL

/// The certificate and the key of a server, read.
struct ServerCredentials {
    let transportSecurity: HTTP2ServerTransport.Posix.TransportSecurity
    /// For plain HTTP.
    let context: NIOSSLContext

    /// - Throws: `ServerError`.
    init(_ security: ServerOptions.Security) throws {
        transportSecurity = ServerCredentials.transportSecurity(security)
        do {
            context = try ServerCredentials.context(security)
        } catch {
            throw ServerError(
                .configuration,
                "cannot use the certificate `\(security.certificate)` with the key "
                    + "`\(security.key)`: \(error)",
                hint: "both are PEM files, and the key is the certificate's")
        }
    }

    private static func transportSecurity(
        _ security: ServerOptions.Security
    ) -> HTTP2ServerTransport.Posix.TransportSecurity {
        let chain = [
            TLSConfig.CertificateSource.file(path: security.certificate, format: .pem)
        ]
        let key = TLSConfig.PrivateKeySource.file(path: security.key, format: .pem)
        guard let authorities = security.clientAuthorities else {
            return .tls(certificateChain: chain, privateKey: key)
        }
        return .mTLS(certificateChain: chain, privateKey: key) { config in
            config.trustRoots = .certificates([.file(path: authorities, format: .pem)])
        }
    }

    private static func context(_ security: ServerOptions.Security) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(security.certificate).map {
                .certificate($0)
            },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: security.key, format: .pem)))
        if let authorities = security.clientAuthorities {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMFile(authorities))
        }
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
