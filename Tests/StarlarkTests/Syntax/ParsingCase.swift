import Testing

/// A source text and what is to come of it.
struct ParsingCase: CustomTestStringConvertible, Sendable {
    var source: String
    var result: String

    init(_ source: String, _ result: String) {
        self.source = source
        self.result = result
    }

    var testDescription: String { source.prefix(60).debugDescription }
}
