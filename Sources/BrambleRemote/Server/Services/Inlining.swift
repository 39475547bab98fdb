internal import BrambleModel
internal import BrambleREAPI
internal import FoundationEssentials

/// Which contents a client wants within a result, rather than to read them on their own.
struct Inlining: Sendable {
    var standardOutput: Bool
    var standardError: Bool
    var files: Set<String>

    init(_ request: Build_Bazel_Remote_Execution_V2_GetActionResultRequest) {
        standardOutput = request.inlineStdout
        standardError = request.inlineStderr
        files = Set(request.inlineOutputFiles)
    }

    init(_ request: Build_Bazel_Remote_Execution_V2_ExecuteRequest) {
        standardOutput = request.inlineStdout
        standardError = request.inlineStderr
        files = Set(request.inlineOutputFiles)
    }

    /// Fills them in, as far as they are small: it is a service, and nobody may rely on it.
    func apply(to result: inout ActionResultMessage, from folder: CacheFolder) {
        var room = ServerLimits.inlineBytes
        if standardOutput, result.stdoutRaw.isEmpty, result.hasStdoutDigest {
            result.stdoutRaw = take(result.stdoutDigest, &room, folder)
        }
        if standardError, result.stderrRaw.isEmpty, result.hasStderrDigest {
            result.stderrRaw = take(result.stderrDigest, &room, folder)
        }
        guard !files.isEmpty else { return }
        for index in result.outputFiles.indices where files.contains(result.outputFiles[index].path)
        {
            result.outputFiles[index].contents = take(
                result.outputFiles[index].digest, &room, folder)
        }
    }

    private func take(_ message: DigestMessage, _ room: inout Int, _ folder: CacheFolder) -> Data {
        guard let digest = Digest(message), digest.sizeBytes <= room,
            // Removed this moment: the client finds out when it asks for it.
            let bytes = try? folder.readBlob(digest)
        else { return Data() }
        room -= bytes.count
        return Data(bytes)
    }
}
