public import BrambleModel

/// A text that another front end has written, with a derivation graph in it.
public struct GraphFile: Sendable {
    /// What messages call it: "`graph.json`", "standard input".
    public let name: String
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// - Throws: All that is wrong with the text, as `configuration`.
    public func graph() throws(BrambleError) -> DerivationGraph {
        do throws(ValidationError) {
            return try DerivationGraph(json: bytes)
        } catch {
            throw BrambleError(error, in: "the graph in \(name)")
        }
    }
}
