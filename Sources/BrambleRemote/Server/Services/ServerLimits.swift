/// How much of anything a client may ask for.
enum ServerLimits {
    /// What gRPC clients take as one message unless they are told otherwise.
    static let messageBytes = 4 << 20
    /// Calls of one client at once.
    static let streams = 1000
    /// The contents of one batch: leaves room for the rest of its message.
    static let batchBytes = messageBytes - (64 << 10)
    /// What is sent at once of a blob.
    static let readBytes = 256 << 10
    /// Messages that are read whole: trees, directories, commands, action results.
    static let structureBytes = 64 << 20
    /// Directories of one tree.
    static let directories = 1_000_000
    /// How many directories one answer has at most, and their size.
    static let pageDirectories = 1000
    static let pageBytes = 1 << 20
    /// What an answer has of contents that were asked for within it.
    static let inlineBytes = 1 << 20
}
