/// A name and a password. Neither shows when it is printed, whatever way.
package struct Credential: Hashable, Sendable {
    package let user: String
    package let password: String

    package init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// The value of the header `Authorization` (RFC 7617).
    var basicAuthorization: String { "Basic " + base64(Array("\(user):\(password)".utf8)) }
}

extension Credential: CustomStringConvertible, CustomReflectable {
    package var description: String { "(credential)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Base64 (RFC 4648, 4). A dozen lines, against a library that would come along for them.
func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
        for index in 0..<4 {
            let digit = alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)]
            text.append(index <= group.count ? digit : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
