package import BrambleModel
import Crypto
import FoundationEssentials

/// A name, and the key that goes with it: `NAME:BASE64` in files and on command lines, as others
/// write keys of caches.
package struct TrustedKey: Hashable, Sendable {
    package let name: String
    /// 32 bytes (RFC 8032, Ed25519).
    let publicKey: [UInt8]

    /// - Throws: What is wrong with the text.
    package init(_ text: String) throws(Fault) {
        guard let (name, bytes) = NamedBytes.parse(text), bytes.count == 32 else {
            throw Fault(
                .invalidText, "`\(text)` is not a public key",
                hint: "write `NAME:` and 32 bytes in base64, as `bramble cache key` prints them")
        }
        self.name = name
        publicKey = bytes
    }
}

/// A key to sign with.
package struct SigningKey: Sendable {
    package let name: String
    private let key: Curve25519.Signing.PrivateKey

    /// A new one.
    ///
    /// - Throws: What is wrong with the name.
    package init(newNamed name: String) throws(Fault) {
        guard NamedBytes.isName(name) else {
            throw Fault(
                .invalidText, "`\(name)` cannot name a key",
                hint: "letters, digits, `.`, `-` and `_` can be in it")
        }
        self.name = name
        key = Curve25519.Signing.PrivateKey()
    }

    /// - Parameter text: As `text` has it, white space around it aside.
    package init(_ text: String) throws(Fault) {
        let fault = Fault(
            .invalidText, "the file does not hold a key to sign with",
            hint: "`bramble cache key NAME` makes one")
        guard let (name, bytes) = NamedBytes.parse(text), bytes.count == 32,
            // Any 32 bytes are a key; the library says so by an error.
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw fault }
        self.name = name
        self.key = key
    }

    /// To be kept secret.
    package var text: String { NamedBytes.text(name, key.rawRepresentation) }

    /// What others list as trusted.
    package var publicText: String { NamedBytes.text(name, key.publicKey.rawRepresentation) }

    func signature(of record: [UInt8]) -> String {
        guard let signature = try? key.signature(for: RecordSignature.signed(record)) else {
            preconditionFailure("a key that cannot sign")
        }
        return NamedBytes.text(name, signature)
    }
}

/// Signatures of records: `NAME:BASE64`, a line each.
enum RecordSignature {
    /// What is signed: so that no signature of something else is one of a record.
    static func signed(_ record: [UInt8]) -> [UInt8] {
        Array("bramble/cached-build/1\n".utf8) + record
    }

    /// Whether one of the signatures is by one of the keys.
    static func isTrusted(_ record: [UInt8], signatures: [UInt8], by keys: [TrustedKey]) -> Bool {
        let lines = String(decoding: signatures, as: UTF8.self).split(separator: "\n")
        return lines.contains { line in
            guard let (name, signature) = NamedBytes.parse(String(line)) else { return false }
            return keys.contains { key in
                guard key.name == name,
                    let publicKey = try? Curve25519.Signing.PublicKey(
                        rawRepresentation: key.publicKey)
                else { return false }
                return publicKey.isValidSignature(signature, for: signed(record))
            }
        }
    }
}

private enum NamedBytes {
    static func text(_ name: String, _ bytes: Data) -> String {
        "\(name):\(bytes.base64EncodedString())"
    }

    static func parse(_ text: String) -> (name: String, bytes: [UInt8])? {
        let text = text.split(whereSeparator: \.isWhitespace)
        guard text.count == 1, let colon = text[0].firstIndex(of: ":"),
            let data = Data(base64Encoded: String(text[0][text[0].index(after: colon)...])),
            isName(String(text[0][..<colon]))
        else { return nil }
        return (String(text[0][..<colon]), Array(data))
    }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                byte < 0x80
                    && (Character(Unicode.Scalar(byte)).isLetter
                        || Character(Unicode.Scalar(byte)).isNumber
                        || [0x2D, 0x2E, 0x5F].contains(byte))
            }
    }
}
