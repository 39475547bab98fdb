/// An output of a derivation, as another derivation names it: `{{ HASH:OUTPUT }}`.
///
/// Inside of a builder, an argument, or a value of the environment or of a link, it stands for the
/// path in the store that the output turns out to have.
public struct Reference: TextRepresentable, Hashable {
    public let derivation: DerivationHash
    public let output: OutputName

    public init(_ derivation: DerivationHash, _ output: OutputName) {
        self.derivation = derivation
        self.output = output
    }

    public init(_ text: String) throws(Fault) {
        let found = try Reference.scan(text)
        guard found.count == 1, found[0].range == 0..<text.utf8.count else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a reference", hint: Reference.grammarHint)
        }
        self = found[0].reference
    }

    /// `{{ HASH:OUTPUT }}`.
    public var description: String {
        // Texts are full of references; this makes one with a single allocation.
        var output = output.description
        return output.withUTF8 { output in
            String(unsafeUninitializedCapacity: 7 + ShortHash.length + output.count) { text in
                var writer = TextWriter(text)
                writer.append("{{ ")
                derivation.hash.withBytes { writer.append($0) }
                writer.append(":")
                writer.append(UnsafeRawBufferPointer(output))
                writer.append(" }}")
                return writer.count
            }
        }
    }

    static let grammarHint =
        "write `{{ HASH:OUTPUT }}`, one space after and before the braces, no others"
}

/// Puts bytes one after the other into memory that has room for them.
private struct TextWriter {
    private let text: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ text: UnsafeMutableBufferPointer<UInt8>) {
        self.text = UnsafeMutableRawBufferPointer(text)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: text[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    mutating func append(_ literal: StaticString) {
        append(
            UnsafeRawBufferPointer(
                start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }
}

extension Reference: Comparable {
    /// By derivation, then by output.
    public static func < (left: Reference, right: Reference) -> Bool {
        left.derivation == right.derivation
            ? left.output < right.output : left.derivation < right.derivation
    }
}
