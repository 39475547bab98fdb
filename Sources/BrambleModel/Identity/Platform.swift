/// An operating system and a processor: `linux-x86_64`, `linux-aarch64`.
///
/// Both are words of lower-case ASCII letters, digits and `_`, at most 32 bytes in all. Which ones
/// a machine can build for is not this module's knowledge.
public struct Platform: TextRepresentable, Hashable {
    public static let maximumBytes = 32

    public let description: String

    public init(_ text: String) throws(Fault) {
        let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard words.count == 2, words.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isPlatformByte) }),
            text.utf8.count <= Platform.maximumBytes
        else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a platform",
                hint: "write the operating system, `-` and the processor, as in `linux-x86_64`")
        }
        description = text
    }

    /// The operating system.
    public var system: String {
        String(decoding: description.utf8.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    /// The processor.
    public var architecture: String {
        String(decoding: description.utf8.dropFirst(system.utf8.count + 1), as: UTF8.self)
    }
}

extension Platform: Comparable {
    public static func < (left: Platform, right: Platform) -> Bool {
        left.description.precedesByBytes(right.description)
    }
}

private func isPlatformByte(_ byte: UInt8) -> Bool {
    byte.isASCIILowercase || byte.isASCIIDigit || byte == UInt8(ascii: "_")
}
