import BrambleModel

extension Console {
    /// A result for programs: canonical JSON on a line of its own.
    func printJSON(_ value: some Encodable) throws {
        write(try CanonicalJSON.encode(value))
        write("\n")
    }
}
