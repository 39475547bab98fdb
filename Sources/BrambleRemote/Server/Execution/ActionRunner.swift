internal import BrambleBuild
internal import BrambleModel
internal import BrambleREAPI
internal import BrambleSandbox
internal import FoundationEssentials
internal import GRPCCore
internal import Glibc
internal import SwiftProtobuf
internal import Synchronization

/// Runs one action: inputs out of the storage, the command in a sandbox, outputs into the storage.
struct ActionRunner: Sendable {
    typealias Response = Build_Bazel_Remote_Execution_V2_ExecuteResponse

    let launcher: SandboxLauncher
    let results: ActionResults
    let threads: DiskThreads
    /// Has a folder for each action that runs; of the same file system as the storage.
    let workFolder: String
    let exposed: [String]
    /// For those that set none, and the most that may be set.
    let timeout: Duration

    /// More of standard output or error is kept as a blob.
    private static let inlineBytes = 4096

    /// - Returns: What the client is told, whatever happened.
    func run(_ operation: RunningOperation) async -> Response {
        let folder = "\(workFolder)/\(operation.name.replacing("/", with: "-"))"
        var response = Response()
        do {
            response = try await run(operation, in: folder)
        } catch {
            response.status = ActionRunner.status(of: error)
        }
        await withCheckedContinuation { done in
            // Also when cancelled, and with nobody to be told if something stays: the next start removes it.
            threads.later {
                WorkFolders.remove(folder)
                done.resume()
            }
        }
        return response
    }

    private func run(_ operation: RunningOperation, in folder: String) async throws -> Response {
        let request = operation.request
        var result = ActionResultMessage()
        result.executionMetadata.worker = SandboxCommand.hostName
        result.executionMetadata.queuedTimestamp = operation.queuedAt
        result.executionMetadata.workerStartTimestamp = .now
        result.executionMetadata.inputFetchStartTimestamp = .now
        let command = try await threads.run { try prepare(request, in: folder) }
        result.executionMetadata.inputFetchCompletedTimestamp = .now
        result.executionMetadata.executionStartTimestamp = .now
        let ending = try await run(command, in: folder)
        result.executionMetadata.executionCompletedTimestamp = .now
        var response = Response()
        switch ending {
        case .exited(let status): result.exitCode = status
        // As shells count.
        case .signalled(let number): result.exitCode = 128 + number
        case .stopped(let reason): response.status = ActionRunner.status(of: reason)
        }
        let collected = result
        response.result = try await threads.run { [results] in
            var result = collected
            result.executionMetadata.outputUploadStartTimestamp = .now
            try collect(request, in: folder, into: &result)
            result.executionMetadata.outputUploadCompletedTimestamp = .now
            result.executionMetadata.workerCompletedTimestamp = .now
            if request.isToBeKept, result.exitCode == 0, case .exited = ending {
                try results.keep(
                    result, by: .server, of: request.digest.hash, instance: operation.instance)
            }
            return result
        }
        return response
    }

    // MARK: - Before

    private func prepare(_ request: ActionRequest, in folder: String) throws -> SandboxCommand {
        let root = folder + "/root"
        for path in [folder, root] {
            guard mkdir(path, 0o755) == 0 else { throw CacheError(call: "mkdir", path: path) }
        }
        let stage = try InputStage(results.folder, root: request.inputRoot)
        try stage.lay(out: root, without: ActionSandbox.ownNames)
        try OutputCollection.makeParents(request, rootedAt: root)
        let sandbox = ActionSandbox(
            request: request, root: root, exposed: exposed,
            timeout: min(request.timeout ?? timeout, timeout),
            maximumBytes: results.folder.maximumBytes)
        // With those of outputs, which were just made.
        let taken = try OutputFolder(root: root).names()
        return try sandbox.command(taken: Set(taken))
    }

    // MARK: - During

    private func run(
        _ command: SandboxCommand, in folder: String
    ) async throws -> SandboxResult.Ending {
        let input = try StreamFile("/dev/null", O_RDONLY)
        let output = try StreamFile(folder + "/stdout", O_WRONLY | O_CREAT | O_EXCL)
        let error = try StreamFile(folder + "/stderr", O_WRONLY | O_CREAT | O_EXCL)
        let result = try await launcher.run(
            command,
            .descriptors(
                input: input.descriptor, output: output.descriptor, error: error.descriptor))
        withExtendedLifetime((input, output, error)) {}
        return result.ending
    }

    // MARK: - After

    private func collect(
        _ request: ActionRequest, in folder: String, into result: inout ActionResultMessage
    ) throws {
        let outputs = try OutputCollection(
            request, rootedAt: folder + "/root", into: results.folder)
        try outputs.collect(into: &result)
        let files = try OutputFolder(root: folder)
        for name in ["stdout", "stderr"] {
            guard let file = files.file(name) else { continue }
            defer { close(file) }
            let digest = try OutputCollection.digest(of: file, name)
            guard digest.sizeBytes > 0 else { continue }
            if !results.folder.missing([digest]).isEmpty {
                try results.folder.take(name, in: files.descriptor, file, digest)
            }
            let isSmall = digest.sizeBytes <= ActionRunner.inlineBytes
            let bytes = isSmall ? Data(try results.folder.readBlob(digest)) : Data()
            if name == "stdout" {
                result.stdoutDigest = DigestMessage(digest)
                result.stdoutRaw = bytes
            } else {
                result.stderrDigest = DigestMessage(digest)
                result.stderrRaw = bytes
            }
        }
    }

    // MARK: - What went wrong

    private static func status(of reason: SandboxResult.StopReason) -> Google_Rpc_Status {
        .with { status in
            switch reason {
            case .timeout:
                status.code = Int32(RPCError.Code.deadlineExceeded.rawValue)
                status.message = "the action ran longer than it may"
            case .cancelled:
                status.code = Int32(RPCError.Code.cancelled.rawValue)
                status.message = "the action was cancelled"
            case .outputSize, .logSize, .silence:
                status.code = Int32(RPCError.Code.resourceExhausted.rawValue)
                status.message = "the action wrote more than it may"
            case .killedFromOutside:
                status.code = Int32(RPCError.Code.resourceExhausted.rawValue)
                status.message = "the action was killed, most likely for want of memory"
            }
        }
    }

    static func status(of error: any Error) -> Google_Rpc_Status {
        if let missing = error as? MissingBlobs { return missing.status }
        return .with { status in
            switch error {
            case let error as any RPCErrorConvertible:
                status.code = Int32(error.rpcErrorCode.rawValue)
                status.message = error.rpcErrorMessage
            case let error as SandboxError where error.code == .program:
                // The client's mistake, and no other machine would do better.
                status.code = Int32(RPCError.Code.invalidArgument.rawValue)
                status.message = error.message
            case let error as SandboxError:
                status.code = Int32(RPCError.Code.internalError.rawValue)
                status.message = error.message
            case is CancellationError:
                status.code = Int32(RPCError.Code.cancelled.rawValue)
                status.message = "the action was cancelled"
            default:
                status.code = Int32(RPCError.Code.internalError.rawValue)
                status.message = "\(error)"
            }
        }
    }
}

/// A file that an action reads or writes as one of its standard streams.
private final class StreamFile: Sendable {
    let descriptor: Int32

    init(_ path: String, _ flags: Int32) throws(CacheError) {
        descriptor = open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CacheError(call: "open", path: path) }
    }

    deinit { close(descriptor) }
}
