/// A value whose one written form is a text: in JSON, in messages, in the database.
///
/// `init` refuses every text but those that `description` gives.
public protocol TextRepresentable: Codable, CustomStringConvertible, Sendable {
    /// Parses the text.
    ///
    /// - Throws: What is wrong with it.
    init(_ text: String) throws(Fault)
}

extension TextRepresentable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do throws(Fault) {
            try self.init(text)
        } catch {
            let path = JSONPath(codingPath: decoder.codingPath)
            throw ValidationError(error.under(path))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
