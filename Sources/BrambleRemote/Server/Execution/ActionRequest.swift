internal import BrambleModel
internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// An action as it is to be run: its messages read, and all in them checked.
struct ActionRequest: Sendable {
    struct Output: Hashable, Sendable {
        enum Kind: Sendable {
            /// Whatever is there (`output_paths`).
            case any
            /// As clients before API 2.1 have it.
            case file, directory
        }

        /// Relative to the working directory, and not above the root; empty for the directory itself.
        let path: String
        let kind: Kind
    }

    let digest: Digest
    let inputRoot: Digest
    let arguments: [String]
    let environment: [String: String]
    /// Below the root; empty for the root itself.
    let workingDirectory: String
    let outputs: [Output]
    /// nil if the client sets none.
    let timeout: Duration?
    let isToBeKept: Bool
    /// The number of the user that it runs as (`unixUID` of the platform); nil for any.
    let userNumber: Int?

    /// - Throws: `MissingBlobs`, `CacheError`, `RequestError`.
    init(_ digest: Digest, in folder: CacheFolder) throws {
        self.digest = digest
        let action: ActionMessage = try ActionRequest.read(digest, "action", folder)
        let commandDigest = try Digest(required: action.commandDigest, "the command")
        let command: CommandMessage = try ActionRequest.read(commandDigest, "command", folder)
        inputRoot = try Digest(required: action.inputRootDigest, "the input root")
        guard !command.arguments.isEmpty, command.arguments[0].utf8.isEmpty == false else {
            throw RequestError(.invalidArgument, "the command has no program")
        }
        arguments = command.arguments
        environment = Dictionary(
            command.environmentVariables.map { ($0.name, $0.value) },
            uniquingKeysWith: { _, last in last })
        workingDirectory = command.workingDirectory
        if !workingDirectory.isEmpty {
            try DirectoryCheck.check(path: workingDirectory, "the working directory")
        }
        outputs = try ActionRequest.outputs(
            of: command, levels: workingDirectory.split(separator: "/").count)
        timeout = action.hasTimeout ? Duration(action.timeout) : nil
        isToBeKept = !action.doNotCache
        userNumber = ActionRequest.userNumber(action, command)
    }

    /// What is missing is to be uploaded: that is another thing than a call to what is not there.
    private static func read<Kind: SwiftProtobuf.Message>(
        _ digest: Digest, _ what: String, _ folder: CacheFolder
    ) throws -> Kind {
        do {
            return try folder.readMessage(digest, what)
        } catch let error as CacheError where error.code == .notFound {
            throw MissingBlobs(digests: [digest])
        }
    }

    /// From API 2.1 on `output_paths` count, if there are any.
    ///
    /// - Parameter levels: How far below the root the working directory is: so far up an output may be.
    private static func outputs(
        of command: CommandMessage, levels: Int
    ) throws(CacheError) -> [Output] {
        let outputs =
            command.outputPaths.isEmpty
            ? command.outputFiles.map { Output(path: $0, kind: .file) }
                + command.outputDirectories.map { Output(path: $0, kind: .directory) }
            : command.outputPaths.map { Output(path: $0, kind: .any) }
        for output in outputs where !(output.path.isEmpty && output.kind != .file) {
            try DirectoryCheck.check(path: output.path, "an output", levels: levels)
        }
        return outputs
    }

    private static func userNumber(_ action: ActionMessage, _ command: CommandMessage) -> Int? {
        let platform = action.hasPlatform ? action.platform : command.platform
        let value = platform.properties.first { $0.name == "unixUID" }?.value
        return value.flatMap { Int($0) }.flatMap { (0...65_535).contains($0) ? $0 : nil }
    }
}

extension Duration {
    fileprivate init(_ message: SwiftProtobuf.Google_Protobuf_Duration) {
        self = .seconds(message.seconds) + .nanoseconds(Int64(message.nanos))
    }
}
